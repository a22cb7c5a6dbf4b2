"""For pages of other rooms: ways to the pages about who somebody is."""

from typing import Any

from django import template
from django.urls import reverse

from apps.wechat import binding_reads
from apps.wechat.services.my_data import LINKERS
from steppe.kernel.actors import Actor

register = template.Library()
BY_WECHAT = "wechat_oa"


@register.simple_tag
def customer_link(actor: Actor, ticket: Any) -> str:
    """Where this agent binds the reporter's WeChat to its customer; nothing for others. No query."""
    may = actor.holds(*LINKERS) and ticket.channel == BY_WECHAT
    return reverse("wechat:customer-link", args=[ticket.public_id]) if may else ""


@register.simple_tag
def wishes_waiting() -> int:
    """How many customers ask to be deleted. One query."""
    return binding_reads.how_many_wishes()
