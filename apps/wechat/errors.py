"""Two families: what went wrong at WeChat (`WeChatError`), and refusals that a person reads (domain errors).

An outside error carries the number, WeChat's request id and its cleaned sentence; never an address, because
addresses carry tokens and secrets.
"""

from django.utils.translation import gettext_lazy as _

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


class CodeSpent(WeChatError):
    """This sign-in code was used before, or is too old."""


class NoAccount(NotFound):
    code = "wechat.no_account"
    message = _("This branch has no WeChat service account yet.")


class WeChatAway(DomainError):
    code = "wechat.away"
    status = 503
    message = _("WeChat does not answer at the moment. Please try again in a minute.")


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
