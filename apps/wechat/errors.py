"""Two families: what went wrong at WeChat (`WeChatError`), and refusals that a person reads (domain errors).

An outside error carries the number, WeChat's request id and its cleaned sentence; never an address, because
addresses carry tokens and secrets.
"""

from collections.abc import Iterable, Mapping
from typing import Self

from django.utils.translation import gettext_lazy as _

from apps.wechat import account_words, channel_words
from apps.wechat.rules.templates import Complaint
from steppe.kernel.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound, TooMany


class WeChatError(Exception):
    """A call to WeChat failed. `permanent`: the same call will fail again.

    `ambiguous`: WeChat may have done it all the same (the answer got lost), so only a repetition with the
    same client_msg_id is harmless.
    """

    permanent = True

    def __init__(self, *, errcode: int | None = None, errmsg: str = "", rid: str = "", ambiguous: bool = False) -> None:
        self.errcode = errcode
        self.errmsg = errmsg
        self.rid = rid
        self.ambiguous = ambiguous
        super().__init__(f"{type(self).__name__} {errcode if errcode is not None else 'no answer'}")


class Transient(WeChatError):
    """Time out, 5xx, busy: worth another try."""

    permanent = False


class ProtocolBroken(Transient):
    """An answer that is no JSON object, or lacks what was asked for."""


class RateLimited(Transient):
    """Too many calls this minute."""


class QuotaExhausted(Transient):
    """Too many calls today; only midnight helps."""


class TokenInvalid(WeChatError):
    """WeChat does not take the access token, also after a new one."""


class RecipientGone(WeChatError):
    """Not a follower, or not a person of this account."""


class RecipientRefused(WeChatError):
    """The person switched these messages off."""


class TemplateWrong(WeChatError):
    """The template or its fields are set up wrongly."""


class AccountBroken(WeChatError):
    """Secret, IP list or permission: somebody must repair the account."""


class GatewayFailed(WeChatError):
    """The SMS gateway said no. It names its reasons by words: `code`, e.g. `FailedOperation.PhoneNumberInBlacklist`."""

    def __init__(self, *, code: str, errmsg: str = "", rid: str = "", ambiguous: bool = False) -> None:
        super().__init__(errmsg=errmsg, rid=rid, ambiguous=ambiguous)
        self.code = code


class CodeSpent(WeChatError):
    """This sign-in code was used before, or is too old."""


class NoAccount(NotFound):
    code = "wechat.no_account"
    message = _("This branch has no WeChat service account yet.")


class WeChatAway(DomainError):
    code = "wechat.away"
    status = 503
    message = _("WeChat does not answer at the moment. Please try again in a minute.")


class SmsAway(DomainError):
    code = "wechat.sms_away"
    status = 503
    message = _("No text message can be sent at the moment. Nothing was changed; please try again in a few minutes.")


class SnapshotVisitor(NotAllowed):
    code = "wechat.snapshot"
    message = _("WeChat shows this page as a snapshot and hides who you are. Tap “Use full service” and try again.")


class SignInLost(NotAllowed):
    code = "wechat.sign_in_lost"
    message = _("This sign-in link was used before or is too old. Please open the page from the menu again.")


class ForeignPage(NotAllowed):
    code = "wechat.foreign_page"
    message = _("Only pages of this site can be signed.")


class TooManySignatures(TooMany):
    code = "wechat.too_many_signatures"


class AlreadyBound(Conflict):
    code = "wechat.already_bound"
    message = _("This WeChat or this person is bound already. Unbind it first.")


class UnknownPerson(Invalid):
    code = "wechat.unknown_person"
    message = _("There is no active account of this person.")


class BadAccount(Invalid):
    """`fields` names each part in words: of the account, a domain's proof, a template or the menu."""

    code = "wechat.bad_account"

    @classmethod
    def of(cls, wrong: Mapping[str, str]) -> Self:
        """From field and broken rule, as the pure rules say it."""
        return cls({field: [account_words.sentence(field, rule)] for field, rule in wrong.items()})


class BadChannel(Invalid):
    """`fields` names each part in words: of the SMS account, of WeCom, or of a member's name."""

    code = "wechat.bad_channel"

    @classmethod
    def of(cls, wrong: Mapping[str, str]) -> Self:
        """From field and broken rule, as the pure rules say it."""
        return cls({field: [channel_words.complaint(rule)] for field, rule in wrong.items()})


class NoticeWrong(Invalid):
    """`fields` names the card whose notice template cannot be used."""

    code = "wechat.notice_wrong"

    @classmethod
    def of(cls, complaints: Iterable[Complaint]) -> Self:
        """What the rules of templates complain about, in words."""
        wrong: dict[str, list[str]] = {}
        for one in complaints:
            told = account_words.sentence(one.card, one.rule)
            wrong.setdefault(one.card, []).append(f"{told} ({one.part})" if one.part else told)
        return cls(wrong)


class HeadquartersKeepsIt(Conflict):
    code = "wechat.headquarters_keeps_it"
    message = _("This account belongs to headquarters, which looks after it. Nothing was changed here.")


class NothingToTakeOut(Conflict):
    code = "wechat.nothing_to_take_out"
    message = _("Only one AES key is accepted already. There is nothing to take out.")


class BeingAdded(Conflict):
    code = "wechat.being_added"
    message = _("This template is being added at WeChat at this moment. Look at the card again in a minute.")


class FileNotKept(NotFound):
    code = "wechat.file_not_kept"
    message = _("There is no such file of this domain. It may have been removed already.")


class UnknownStep(NotFound):
    code = "wechat.unknown_step"
    message = _("The guide has no such step.")


class LettersGone(Conflict):
    code = "wechat.letters_gone"
    message = _("These messages do not wait here any more: they were taken in or discarded in the meantime.")


class ReasonMissing(Invalid):
    code = "wechat.reason_missing"
    message = _("Please say in a few words why it is discarded.")
