"""Small things every phone view needs."""

import hashlib
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from apps.mobile.doors import Live
from apps.mobile.entry import Request
from apps.people import selectors as people
from apps.tickets.asking import AskedForm
from apps.tickets.errors import PictureTooLarge
from apps.tickets.reasons import OTHER, reason_word
from apps.tickets.services import upload_photo
from steppe.kernel.actors import Actor
from steppe.kernel.commands import KEY_LENGTH
from tenants.context import policy

if TYPE_CHECKING:
    from apps.people.models import Technician


def see_other(address: str) -> HttpResponse:
    """After a write: look there. 303, so that a reload never posts again."""
    return HttpResponseRedirect(address, status=303)


def key_of(request: HttpRequest) -> str:
    """The form's own key, or the header of a script. The service refuses a missing one."""
    return request.POST.get("idempotency_key") or request.headers.get("Idempotency-Key", "")


def part_key(key: str, part: str) -> str:
    """A key for one part of a larger wish: the same wish again makes the same parts."""
    return hashlib.sha256(f"{key}/{part}".encode()).hexdigest()[:KEY_LENGTH] if key else ""


def number_of(request: HttpRequest, name: str) -> float | None:
    """A coordinate; what is no number counts as not given."""
    try:
        return float(request.POST.get(name, ""))
    except ValueError:
        return None


def version_of(request: HttpRequest) -> int | None:
    """The version the page showed, where the form carries one."""
    given = request.POST.get("version", "")
    return int(given) if given.isdigit() else None


def reason_of(request: HttpRequest, action: str) -> str:
    """The chosen reason's code; with a note it becomes the person's own words."""
    code, note = request.POST.get("reason", "").strip(), request.POST.get("note", "").strip()
    if not note:
        return "" if code == OTHER else code
    return note if code in ("", OTHER) else f"{reason_word(action, code)}: {note}"


def myself(request: Request) -> "Technician":
    """The technician who asks. One query."""
    return people.technician(request.actor.technician_id or 0)


def rows(request: HttpRequest, template: str, context: dict[str, Any], live: Live) -> HttpResponse:
    """Rows for <fs-live>, with the stream's number of a snapshot in the headers."""
    response = render(request, template, context)
    response["X-Live-Epoch"], response["X-Live-Seq"] = live.epoch, str(live.seq)
    return response


def by_script(request: HttpRequest) -> bool:
    """Does an element of the page ask, and not the browser itself?"""
    return "application/json" in request.headers.get("Accept", "")


def store_photo(file: UploadedFile, *, stage: str, owner: str, by: Actor, key: str) -> str:
    """One picture; its public id. Raises PictureTooLarge before reading, NotAPicture."""
    limit = policy().photo_max_mb
    if (file.size or 0) > limit * 1024 * 1024:
        raise PictureTooLarge(mb=limit)
    return upload_photo(content=file.read(), stage=stage, owner=owner, by=by, key=key).public_id


def photos_of(request: HttpRequest, *, stage: str, owner: str, by: Actor, least: int = 0) -> tuple[str, ...]:
    """Pictures uploaded before, and those that came with the form itself (a browser without scripts).

    As many as the branch takes, or as the type demands.
    """
    most = max(policy().report_photos_max, least)
    named = request.POST.getlist("photos")[:most]
    return (*named, *_stored(request, "photo_files", most - len(named), stage=stage, owner=owner, by=by))


def asked_answers(request: HttpRequest, form: AskedForm, *, stage: str, owner: str, by: Actor) -> dict[str, Any]:
    """What the type's fields were answered, with the pictures that came with the form itself."""
    files = {
        part.field.key: _stored(request, f"{part.name}-files", part.most, stage=stage, owner=owner, by=by)
        for part in form.parts()
        if f"{part.name}-files" in request.FILES
    }
    return form.answers(files)


def _stored(request: HttpRequest, name: str, most: int, *, stage: str, owner: str, by: Actor) -> list[str]:
    """The files of this input, kept: their public ids. The same wish again makes the same pictures."""
    key = key_of(request)
    part = "photo" if name == "photo_files" else name
    return [
        store_photo(file, stage=stage, owner=owner, by=by, key=part_key(key, f"{part}{place}"))
        for place, file in enumerate(request.FILES.getlist(name)[:most])
    ]
