"""Our writer of answers and the REST framework's own write the same bytes, whatever stands in them."""

import uuid
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.renderers import JSONRenderer

from steppe.kernel.api.renderers import JSON

plain = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text()
trees = st.recursive(plain, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=12)


def both(data: Any, kind: str = "application/json") -> tuple[bytes, bytes]:
    return JSON().render(data, kind), JSONRenderer().render(data, kind)


@given(trees)
def test_any_tree_is_written_alike(tree: Any) -> None:
    ours, theirs = both({"tree": tree})
    assert ours == theirs


@pytest.mark.parametrize(
    "value",
    [
        datetime(2026, 11, 30, 8, 15, 0, 123456, tzinfo=UTC), datetime(2026, 11, 30), date(2026, 11, 30),
        timedelta(seconds=90), Decimal("1.50"), uuid.UUID(int=7), gettext_lazy("Save"), mark_safe("<b>"),
        (1, 2), {1: "one"}, "line\u2028line\u2029", "\x00\x1f\"\\/", b"bytes", {"a", },
    ],
)  # fmt: skip
def test_what_json_has_no_word_for_is_written_as_before(value: Any) -> None:
    ours, theirs = both({"value": value})
    assert ours == theirs


def test_nothing_is_an_empty_answer() -> None:
    assert both(None) == (b"", b"")


def test_who_asks_for_an_indent_gets_it() -> None:
    ours, theirs = both({"a": [1]}, "application/json; indent=4")
    assert ours == theirs and b"\n" in ours
