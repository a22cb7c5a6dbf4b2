"""A report begun elsewhere, as the form takes it over; what was begun stays until the report is sent."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from apps.tickets import begun
from apps.tickets.begun import Begun
from steppe.kernel.actors import Actor

NAME, KEY = "draft", "begun_report"


@dataclass(frozen=True)
class Start:
    """How the form starts; `gone`: a link was followed to something that is not there any more."""

    begun: Begun | None = None
    gone: bool = False

    @property
    def photos(self) -> tuple[str, ...]:
        """Pictures that are here already."""
        return self.begun.photos if self.begun else ()

    def fields(self) -> dict[str, Any]:
        """What is filled in. The point stays in the coordinates it came in: intake makes it WGS-84 and keeps both."""
        if self.begun is None:
            return {}
        told: dict[str, Any] = {"description": self.begun.text, "address": self.begun.address}
        if self.begun.lat is not None:
            told |= {"lat": self.begun.lat, "lng": self.begun.lng, "crs": self.begun.datum, "source": self.begun.source}
        return {name: value for name, value in told.items() if value != ""}


NOTHING = Start()


def found(request: HttpRequest, by: Actor) -> Start:
    """What the link stands for, for the customer behind this session and for nobody else. HEAD opens nothing."""
    public_id = request.GET.get(NAME, "")
    if not public_id or request.method != "GET":
        return NOTHING
    opened = begun.open_for(by, public_id)
    if opened is None:
        return Start(gone=True)
    request.session[KEY] = public_id
    return Start(opened)


def sent(request: HttpRequest, by: Actor) -> None:
    """The report is on its way: nothing of its beginning stays."""
    if public_id := request.session.pop(KEY, None):
        begun.close_for(by, str(public_id))
