"""What the account answers in the chat, in the person's language. Plain text; WeChat shows only links as such.

Nothing a person wrote is said back, so nothing can pretend to be a link of ours.
"""

from collections.abc import Sequence

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from apps.tickets.selectors import TicketView
from apps.tickets.states import state_label
from apps.wechat.links import page_url

SHOWN = 5


def link(name: str, path: str, **parts: str) -> str:
    """The complete address of a page of another room, known by name; `path` is what follows. One query."""
    try:
        return page_url(reverse(name, kwargs=parts or None) + path)
    except NoReverseMatch:  # the phone pages are not built in
        return page_url("/")


def draft_url(public_id: str) -> str:
    """The form, filled in with what was written."""
    return link("mobile:report", f"?draft={public_id}")


def welcome(account: str) -> str:
    """To who follows."""
    return _(
        "Welcome to %(account)s.\n"
        '<a href="%(report)s">Report a fault</a>, or simply write here what is wrong.\n'
        "Write “progress” to hear how far your tickets are."
    ) % {"account": plain(account), "report": report_url()}


def hello() -> str:
    """To who asks what can be done here."""
    return _(
        "Write what is wrong, send a picture or your location, and we make a report of it."
        ' Or <a href="%(report)s">fill in the form</a>.\n'
        "Write “progress” to hear how far your tickets are, “urge” to hurry one."
    ) % {"report": report_url()}


def begun(public_id: str, *, cut: bool = False) -> str:
    """A draft is open: where it is finished."""
    told = _(
        'We noted it. <a href="%(url)s">Open your report, check it and send it</a>.'
        " Until then, what you write, your pictures and your location are added to it. After a day it is gone."
    ) % {"url": draft_url(public_id)}
    return told + (" " + _("It was long: only the beginning was kept.") if cut else "")


def scanned(public_id: str, label: str) -> str:
    """A code was scanned; the form knows the place."""
    return _('%(place)s: <a href="%(url)s">report a fault here</a>. The place is filled in already.') % {
        "place": plain(label), "url": draft_url(public_id)
    }  # fmt: skip


def code_gone() -> str:
    """A code that means nothing any more."""
    return _('This code is not in use any more. <a href="%(url)s">Report a fault here</a>.') % {"url": report_url()}


def binding_code_over() -> str:
    """To staff whose code on the screen was used, replaced, or is older than its ten minutes."""
    return _(
        "This binding code is over: it was used already, or its ten minutes have passed. Sign in and open"
        ' <a href="%(url)s">Bind WeChat</a> for a new one, or ask your administrator for a code, then scan that one.'
    ) % {"url": link("wechat:my-binding-phone", "")}


def enough_pictures(most: int, public_id: str) -> str:
    """More than a report takes."""
    return _('A report takes %(most)s pictures; this one was not added. <a href="%(url)s">Open your report</a>.') % {
        "most": most, "url": draft_url(public_id)
    }  # fmt: skip


def picture_lost(public_id: str) -> str:
    """It could not be kept."""
    return _('One picture could not be read. Please add it in <a href="%(url)s">your report</a>.') % {
        "url": draft_url(public_id)
    }


def cannot_read() -> str:
    """A voice message, a film, a link."""
    return _(
        "We cannot listen to voice messages or open films and links here. Please write it, send a picture or your"
        ' location, or <a href="%(url)s">fill in the form</a>.'
    ) % {"url": report_url()}


def pool() -> str:
    """To staff: the work is on its own page."""
    return _('Hello. <a href="%(pool)s">The pool</a> and <a href="%(mine)s">your tickets</a> are here.') % {
        "pool": link("mobile:pool", ""), "mine": link("mobile:held", "")
    }  # fmt: skip


def progress(views: Sequence[TicketView]) -> str:
    """The person's open tickets, by number and state."""
    if not views:
        return _('You have no open ticket. <a href="%(url)s">Report a fault</a>.') % {"url": report_url()}
    lines = [_line(view) for view in views[:SHOWN]]
    return "\n".join([*lines, _('<a href="%(url)s">All your tickets</a>') % {"url": link("mobile:mine", "")}])


def urge(views: Sequence[TicketView]) -> str:
    """Where a ticket is urged: urging is a step of its own, with a limit, so it happens on the page."""
    if not views:
        return progress(views)
    if len(views) > 1:
        return _('Choose the ticket you want to hurry: <a href="%(url)s">your tickets</a>') % {
            "url": link("mobile:mine", "")
        }
    number, url = views[0].ticket.ticket_no, link("mobile:h5-urge", "", public_id=views[0].ticket.public_id)
    return _('<a href="%(url)s">Hurry ticket %(number)s here</a>') % {"number": number, "url": url}


def report_url() -> str:
    """The empty form."""
    return link("mobile:report", "?from=wx")


def plain(text: str) -> str:
    """A name of ours inside a message: no link, no new line."""
    return " ".join(text.replace("<", " ").replace(">", " ").split())


def _line(view: TicketView) -> str:
    url = link("mobile:ticket", "", public_id=view.ticket.public_id)
    ticket = view.ticket
    return f'<a href="{url}">{ticket.ticket_no}</a> {plain(ticket.type.name)} · {state_label(ticket.status)}'
