"""Where a card leads: the address of a page of this branch, complete and without any secret but a signed link."""

from django.urls import NoReverseMatch, reverse

from apps.tickets import status_links
from apps.wechat.links import page_url
from apps.wechat.models import PushOutbox
from apps.wechat.rules.cards import CARDS


def url_of(row: PushOutbox) -> str:
    """The page of this card, for who is signed in by WeChat. One query in `public`."""
    return page_url(CARDS[row.template_key].page.format(ticket=row.ticket, card=row.public_id))


def status_url(public_id: str) -> str:
    """The progress of a report for who has no account: signed, thirty days. One query in `public`."""
    try:
        return page_url(reverse("mobile:status", kwargs={"token": status_links.token_for(public_id)}))
    except NoReverseMatch:  # the phone pages are not built in
        return page_url("/")
