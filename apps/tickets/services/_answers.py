"""What a type asks of a ticket: the answers checked and put into shape, their pictures hung on the ticket."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Any

from apps.people import geo
from apps.tickets.errors import BadAnswers, PhotosMissing
from apps.tickets.models import Photo, Ticket
from apps.tickets.rules.definitions import PICTURE_KINDS, Definition, Field
from apps.tickets.rules.field_sets import COLUMNS
from apps.tickets.rules.forms import complaints, given
from apps.tickets.rules.judging import Complaint
from apps.tickets.wording import sentences

WHERE = {"report": "fields", "finish": "outcome"}  # what an answer of this stage is called in a refusal


def checked(
    definition: Definition, stage: str, told: Mapping[str, Any] | None, *, proof: bool = True
) -> dict[str, Any]:
    """The answers of this stage as they are kept. Without `proof` (done from afar) pictures are not demanded.

    Raises BadAnswers, which names every field that is wrong, missing or unknown. No query.
    """
    asked, answers = definition.at(stage), given(told or {})
    _refuse(stage, complaints(asked, answers, proof=proof))
    return {one.key: _shaped(one, answers[one.key]) for one in asked if one.key in answers}


def columns_of(definition: Definition, answers: Mapping[str, Any]) -> dict[str, str]:
    """The ticket's own columns that these answers fill: symptom, cause, blame."""
    choices = {one.key for one in definition.fields if one.kind == "choice"}
    return {column: str(answers[key]) for key, column in COLUMNS.items() if key in answers and key in choices}


def pictures_in(definition: Definition, stage: str, answers: Mapping[str, Any]) -> tuple[str, ...]:
    """The public ids of all pictures that the answers name."""
    return tuple(name for _, names in _pictures(definition, stage, answers) for name in names)


def label_pictures(ticket: Ticket, definition: Definition, stage: str, answers: Mapping[str, Any]) -> None:
    """Say of each picture which field it answers. All must hang on the ticket by now, or BadAnswers names the field.

    What somebody added by hand becomes part of the answer, and stays. One query for each field with pictures.
    """
    lost = []
    for field, names in _pictures(definition, stage, answers):
        hung = Photo.objects.filter(
            ticket_id=ticket.pk, kind="picture", public_id__in=names, stage__in=(stage, "added")
        )  # fmt: skip
        if hung.update(label=field.key, stage=stage) < len(set(names)):
            lost.append(Complaint(field.key, "not_there"))
    _refuse(stage, lost)


def shown_before(ticket: Ticket, names: Iterable[str]) -> frozenset[str]:
    """Which of these pictures ended an earlier visit already. At most one query."""
    asked = tuple(names)
    if not asked or ticket.first_finished_at is None:
        return frozenset()
    shown = Photo.objects.filter(ticket_id=ticket.pk, stage="finish", public_id__in=asked)
    return frozenset(shown.values_list("public_id", flat=True))


def refuse_old(definition: Definition, answers: Mapping[str, Any], old: Set[str]) -> None:
    """What an earlier visit has shown proves nothing of this one, and one picture answers one field.

    Raises BadAnswers, which names the field.
    """
    seen, found = set(old), []
    for field, names in _pictures(definition, "finish", answers):
        if not seen.isdisjoint(names):
            found.append(Complaint(field.key, "shown_twice" if old.isdisjoint(names) else "shown_before"))
        seen.update(names)
    _refuse("finish", found)


def check_photos(ticket: Ticket, definition: Definition, names: Iterable[str]) -> None:
    """As many of these are pictures of the work as the type demands; none when done from afar. Raises PhotosMissing.

    A signature is no picture of the work.
    """
    if ticket.remote or not definition.photos:
        return
    signatures = [one.key for one in definition.at("finish") if one.kind == "signature"]
    hung = Photo.objects.filter(ticket_id=ticket.pk, stage="finish", kind="picture", public_id__in=tuple(names))
    hung = hung.exclude(label__in=signatures)
    if hung.count() < definition.photos:
        sentence = str(PhotosMissing.message) % {"least": definition.photos}
        raise PhotosMissing({"photos": [sentence]}, least=definition.photos)


def _pictures(
    definition: Definition, stage: str, answers: Mapping[str, Any]
) -> Iterator[tuple[Field, Sequence[str]]]:  # fmt: skip
    for one in definition.at(stage):
        if one.kind in PICTURE_KINDS and one.key in answers:
            named = answers[one.key]
            yield one, [named] if isinstance(named, str) else named


def _shaped(field: Field, value: Any) -> Any:
    """A place is kept in WGS-84, whatever map it came from."""
    if field.kind != "location":
        return value
    lat, lng = geo.to_wgs84(value["lat"], value["lng"], value.get("datum", "wgs84"))
    return {"lat": round(lat, 6), "lng": round(lng, 6)}


def _refuse(stage: str, found: Sequence[Complaint]) -> None:
    if found:
        raise BadAnswers(sentences(found, WHERE[stage]))
