"""Refusals as pages."""

from django.test import RequestFactory

from steppe.boot.refusals import answer
from steppe.kernel.errors import Unauthenticated


def test_whoever_signs_in_comes_back_to_the_very_page() -> None:
    asked = RequestFactory().get("/console/", {"tile": "overdue", "text": "a&b"})
    assert answer(asked, Unauthenticated())["Location"] == "/sign-in/?next=/console/%3Ftile%3Doverdue%26text%3Da%2526b"
