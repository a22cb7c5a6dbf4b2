"""Words about printed QR codes."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Word = str | Promise
KINDS: dict[str, Word] = {
    "grid": pgettext_lazy("qr code", "Grid"),
    "building": pgettext_lazy("qr code", "Building"),
    "technician": pgettext_lazy("qr code", "Technician"),
}
STATES: dict[str, Word] = {
    "used": pgettext_lazy("qr code", "In use"),
    "undrawn": pgettext_lazy("qr code", "Not drawn yet"),
    "withdrawn": pgettext_lazy("qr code", "Withdrawn"),
}
DATUMS: dict[str, Word] = {
    "wgs84": _("WGS-84 (GPS)"),
    "gcj02": _("GCJ-02 (Tencent, Amap)"),
}
DONE: dict[str, Word] = {
    "made": _("The code is made and can be printed."),
    "drawn": _("The code is drawn and can be printed."),
    "withdrawn": _("The code is withdrawn. Who scans it from now on gets the plain report form."),
}
_RULES: dict[str, Word] = {
    "kind": _("Please choose what the code is for."),
    "missing": _("Please fill this in."),
    "long": _("This is too long: 60 characters for the name, 200 for the address."),
    "point": _("Please give latitude and longitude, for example 43.9330, 116.0860, or leave it empty."),
    "datum": _("Please choose the coordinate system of the map you copied it from."),
}


def complaint(rule: str) -> str:
    """The sentence for a broken rule."""
    return str(_RULES[rule])
