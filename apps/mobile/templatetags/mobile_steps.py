"""{% load mobile_steps %}: the addresses of a ticket's other steps."""

from django import template
from django.urls import reverse

from apps.tickets import labels
from apps.tickets.labels import word
from apps.tickets.step_forms import StepForm

register = template.Library()


@register.filter
def request_word(kind: str) -> str:
    """What is asked for."""
    return word(labels.REQUESTS, kind)


@register.simple_tag
def step_address(door: str, form: StepForm, public_id: str) -> str:
    """Where this step is taken: `door` is "w" for technicians, "h5" for customers."""
    return reverse(f"mobile:{door}-{form.slug}", args=[public_id])
