"""One form field as HTML: label, control, hint, errors, tied together for screen readers."""

from typing import Any

from django.forms import BoundField, CheckboxInput, RadioSelect
from django.forms.widgets import CheckboxSelectMultiple
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

CLASSES = {
    "field": {"select": "input select", "textarea": "input textarea", "input": "input"},
    "cell": {"select": "weui-select", "textarea": "weui-textarea", "input": "weui-input"},
}


def render(bound: BoundField, *, look: str, hint: str, attrs: dict[str, Any]) -> SafeString:
    """The field in one of two looks: "field" (desktop) or "cell" (phone)."""
    given = {name.replace("_", "-"): value for name, value in attrs.items()}
    hint = hint or str(bound.help_text or "")
    control = bound.as_widget(attrs={**_attributes(bound, look, hint), **given})
    context = {"field": bound, "control": control, "hint": hint, "group": _is_group(bound), "check": _is_check(bound)}
    return SafeString(render_to_string(f"ui/_{look}.html", context))


def _attributes(bound: BoundField, look: str, hint: str) -> dict[str, Any]:
    described = [f"{bound.id_for_label}-hint"] if hint else []
    attrs: dict[str, Any] = {}
    if bound.errors:
        described.insert(0, f"{bound.id_for_label}-error")
        attrs["aria-invalid"] = "true"
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if not (_is_group(bound) or _is_check(bound)):
        attrs["class"] = _css(bound, look)
    return attrs


def _css(bound: BoundField, look: str) -> str:
    kind = type(bound.field.widget).__name__.lower()
    own = str(bound.field.widget.attrs.get("class", ""))
    base = next((css for part, css in CLASSES[look].items() if part in kind), CLASSES[look]["input"])
    return f"{base} {own}".strip()


def _is_group(bound: BoundField) -> bool:
    return isinstance(bound.field.widget, RadioSelect | CheckboxSelectMultiple)


def _is_check(bound: BoundField) -> bool:
    return isinstance(bound.field.widget, CheckboxInput)
