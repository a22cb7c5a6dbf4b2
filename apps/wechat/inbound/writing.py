"""What people write and send to the account: words, a place and pictures become the draft of a report."""

from collections.abc import Callable
from datetime import timedelta

from django.utils.translation import override

from apps.people import selectors as people
from apps.tickets import selectors as tickets
from apps.tickets.rules.workflow import FINAL
from apps.tickets.selectors import TicketView
from apps.wechat.inbound import answers, position, words
from apps.wechat.inbound.told import Told
from apps.wechat.inbound.writers import identity_of, language_of, staff_of
from apps.wechat.models import Draft
from apps.wechat.rules.chat_words import Wish, wish_of
from apps.wechat.services import drafts
from steppe.kernel import clock
from tenants.context import policy

LONGEST = 4096  # WeChat sends at most 2048 bytes
QUIET = timedelta(seconds=60)  # the link was given a moment ago: three pictures are not three answers


def text(told: Told) -> None:
    """A text opens or continues the person's draft, or asks for what is open."""
    said = told.text("Content", most=LONGEST)
    _answered(told, wish_of(said), said)


def clicked(told: Told) -> None:
    """CLICK: a menu button of the account's own making; its key is read like a text."""
    wish = wish_of(told.text("EventKey", most=128))
    _answered(told, Wish.HELLO if wish == Wish.REPORT else wish, "", within=answers.AFTER_TAP)


def place(told: Told) -> None:
    """A position sent as a message: the draft's place, in the coordinates it came in."""
    lat, lng = position.point_in(told, "Location_X", "Location_Y")
    label = told.text("Label", most=LONGEST).strip()
    if not _is_staff(told):
        draft = drafts.draft_of(identity_of(told))
        datum = position.datum_of(told, "message", "gcj02")
        drafts.put_place(draft, lat=lat, lng=lng, datum=datum, address=label)
        _say_begun(told, draft)


def picture(told: Told) -> None:
    """Noted for the worker, who fetches it at once."""
    media_id = told.media_id
    if _is_staff(told):
        return None
    draft, most = drafts.draft_of(identity_of(told)), policy().report_photos_max
    if drafts.add_picture(draft, media_id, most=most):
        return _say_begun(told, draft)
    with override(language_of(told)):
        return answers.say(told, "picture", words.enough_pictures(most, draft.public_id))


def unreadable(told: Told) -> None:
    """A voice message, a film, a link."""
    if not _is_staff(told):
        with override(language_of(told)):
            answers.say(told, "unreadable", words.cannot_read())


def _answered(told: Told, wish: Wish, said: str, **within: timedelta) -> None:
    if _is_staff(told, **within):
        return
    with override(language_of(told)):
        if wish == Wish.REPORT:
            _report(told, said)
        else:
            answers.say(told, str(wish), _WISHES[wish](told), **within)


def _report(told: Told, said: str) -> None:
    draft = drafts.draft_of(identity_of(told))
    whole = drafts.add_words(draft, said)
    _say_begun(told, draft, cut=not whole)


def _say_begun(told: Told, draft: Draft, *, cut: bool = False) -> None:
    """The link and that more is added to it, unless the person read that a moment ago."""
    if not cut and _was_told(told, draft):
        return
    with override(language_of(told)):
        answers.say(told, "draft", words.begun(draft.public_id, cut=cut))
    drafts.answered(draft)


def _was_told(told: Told, draft: Draft) -> bool:
    """An answer that got lost has told nobody. One query, within the minute only."""
    since = clock.now() - QUIET
    return bool(draft.answered_at and draft.answered_at > since) and answers.stands(told, "draft", since)


def _is_staff(told: Told, **within: timedelta) -> bool:
    """Bound staff do not report by chat: they get the way to their work."""
    if staff_of(told) is None:
        return False
    with override(language_of(told)):
        answers.say(told, "staff", words.pool(), **within)
    return True


def _open_tickets(told: Told) -> list[TicketView]:
    """The person's own reports that are not over. Three queries."""
    customer = people.actor_for_customer(identity_of(told).customer_id)
    found = tickets.tickets_of_customer(customer) if customer else []
    return [view for view in found if view.ticket.status not in FINAL]


_WISHES: dict[Wish, Callable[[Told], str]] = {
    Wish.HELLO: lambda told: words.hello(),
    Wish.PROGRESS: lambda told: words.progress(_open_tickets(told)),
    Wish.URGE: lambda told: words.urge(_open_tickets(told)),
}
