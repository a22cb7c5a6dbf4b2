"""A secret at rest opens only with our key and only where it was put."""

import base64
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steppe.kernel.secrets import seal, unseal

PLACE = "b_lotus/wx_account/1/secret"


@given(st.text(max_size=200))
def test_what_was_sealed_opens_again(plain: str) -> None:
    assert unseal(seal(plain, place=PLACE), place=PLACE) == plain


def test_the_text_does_not_show_and_never_looks_the_same() -> None:
    one, two = seal("canary-secret", place=PLACE), seal("canary-secret", place=PLACE)
    assert one != two and b"canary" not in base64.b64decode(one)


@pytest.mark.parametrize("place", ["b_maple/wx_account/1/secret", "b_lotus/wx_account/2/secret", ""])
def test_copied_to_another_place_it_is_dead(place: str) -> None:
    with pytest.raises(ValueError, match="does not belong here"):
        unseal(seal("x", place=PLACE), place=place)


def test_with_another_key_it_is_dead(settings: object) -> None:
    sealed = seal("x", place=PLACE)
    settings.STEPPE_FIELD_KEY = base64.b64encode(os.urandom(32)).decode()  # type: ignore[attr-defined]
    with pytest.raises(ValueError, match="does not belong here"):
        unseal(sealed, place=PLACE)


@pytest.mark.parametrize("at", [5, 14, -1])
def test_one_changed_bit_kills_it(at: int) -> None:
    raw = bytearray(base64.b64decode(seal("x", place=PLACE)))
    raw[at] ^= 1
    with pytest.raises(ValueError, match="does not belong here"):
        unseal(base64.b64encode(raw).decode(), place=PLACE)


@pytest.mark.parametrize("text", ["", "AQ==", "no base64 at all!"])
def test_what_is_no_secret_of_ours_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        unseal(text, place=PLACE)
