"""Every refusal of the product: a stable code, a status, and one clear sentence in both languages."""

import gettext
import importlib
import pkgutil
import re
from collections import Counter
from collections.abc import Iterator

import pytest
from django.utils import translation
from django.utils.translation import trans_real

import apps
import realtime
import steppe
import tenants
from infra.local import messages
from steppe.kernel.errors import DomainError, Invalid, OurFault

CHINESE = re.compile(r"[一-鿿]")
HOLES = re.compile(r"%\((\w+)\)s")


def all_refusals() -> list[type[DomainError]]:
    for package in (apps, realtime, steppe, tenants):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if module.name.rsplit(".", 1)[-1] == "errors":
                importlib.import_module(module.name)
    rooms = ("apps.", "realtime.", "steppe.", "tenants.")
    return sorted({one for one in _below(DomainError) if one.__module__.startswith(rooms)}, key=lambda one: one.code)


def _below(cls: type[DomainError]) -> Iterator[type[DomainError]]:
    yield cls
    for child in cls.__subclasses__():
        yield from _below(child)


REFUSALS = all_refusals()
each_refusal = pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.code)


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> None:
    """What the po says, also when another test has read an older catalog."""
    messages.compile_all()
    gettext._translations.clear()  # type: ignore[attr-defined]
    trans_real._translations.clear()


def sentence(refusal: type[DomainError], language: str) -> str:
    with translation.override(language):
        return str(refusal.message)


def test_there_are_refusals_to_look_at() -> None:
    assert len(REFUSALS) > 30


def test_codes_are_unique() -> None:
    assert [code for code, count in Counter(one.code for one in REFUSALS).items() if count > 1] == []


@each_refusal
def test_it_has_a_stable_code_of_its_room(refusal: type[DomainError]) -> None:
    room = refusal.__module__.rsplit(".", 2)[-2]
    assert re.fullmatch(rf"{room}\.[a-z0-9_]+", refusal.code)


@each_refusal
def test_it_has_a_status_that_tells_the_client_what_to_do(refusal: type[DomainError]) -> None:
    """501 is OData's own answer to an option that a feed does not have."""
    assert refusal.status in {400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 501, 503} or refusal is OurFault


@each_refusal
def test_it_speaks_clear_english(refusal: type[DomainError]) -> None:
    english = sentence(refusal, "en")
    first = english.lstrip("“")[0]
    assert first.isupper() or first == "%", english
    assert english.endswith(".") and len(english) < 160 and not CHINESE.search(english)


@each_refusal
def test_it_speaks_chinese_with_the_same_named_values(refusal: type[DomainError]) -> None:
    english, chinese = sentence(refusal, "en"), sentence(refusal, "zh-hans")
    assert CHINESE.search(chinese) and chinese != english
    assert set(HOLES.findall(chinese)) == set(HOLES.findall(english))
    assert chinese.endswith("。") and "%%" not in chinese


def test_named_values_are_filled_in_by_language() -> None:
    from apps.tickets.errors import AlreadyTaken

    refusal = AlreadyTaken(winner="吴", at="09:05")
    with translation.override("zh-hans"):
        assert "吴" in refusal.sentence and "09:05" in refusal.sentence and "took" not in refusal.sentence
    with translation.override("en"):
        assert refusal.sentence == "吴 took this ticket at 09:05."


def test_bad_input_names_its_fields() -> None:
    refusal = Invalid({"phone": ["too short"]})
    assert refusal.fields == {"phone": ["too short"]} and refusal.params == {}
