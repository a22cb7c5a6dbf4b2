"""What stands in a cell: pure."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from apps.exports.rules import cells


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "＝1", "＠x"])
def test_what_might_be_a_formula_gets_an_apostrophe(text):
    assert cells.safe_texts([text]) == [f"'{text}"] == [cells.harmless(text)]


@pytest.mark.parametrize("text", ["", "1=1", "用户-1", " =1", "'=1", "a@b"])
def test_other_texts_stay_as_they_are(text):
    assert cells.safe_texts([text]) == [text] == [cells.harmless(text)]


def test_yuan_are_exact_at_any_size():
    assert cells.written_money([0, 5, -5, 123456789012345678, None]) == [
        "0.00", "0.05", "-0.05", "1234567890123456.78", "",
    ]  # fmt: skip


def test_numbers_keep_their_places():
    assert cells.written_numbers([1, Decimal("1.50"), Decimal("1E+3"), None]) == ["1", "1.50", "1000", ""]


def test_moments_are_the_branch_s_clock():
    assert cells.written_moments([datetime(2026, 11, 29, 23, 30, 1, 999999, tzinfo=UTC), None]) == [
        "2026-11-30 07:30:01", "",
    ]  # fmt: skip


def test_sums_add_what_can_be_added_and_nothing_else():
    page = [["a", "b"], [100, None], [Decimal("1.5"), Decimal("2")]]
    assert cells.sums(["text", "money", "decimal"], page, [None, 0, 0]) == [None, 100, Decimal("3.5")]
