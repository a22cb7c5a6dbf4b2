"""Fen are whole, nothing is lost in rounding, nothing appears in splitting."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steppe.kernel.money import round_fen, split_fen, yuan

weights = st.lists(st.integers(0, 1000), min_size=1, max_size=12).filter(any)
totals = st.integers(-(10**9), 10**9)


@pytest.mark.parametrize(
    ("amount", "fen"), [("0.4", 0), ("0.5", 1), ("1.5", 2), ("2.5", 3), ("-0.5", -1), ("-2.5", -3), ("7", 7)]
)
def test_half_a_fen_goes_away_from_zero(amount: str, fen: int) -> None:
    assert round_fen(Decimal(amount)) == fen


@given(st.decimals(-(10**9), 10**9, places=4))
def test_rounding_never_moves_by_more_than_half_a_fen(amount: Decimal) -> None:
    assert abs(round_fen(amount) - amount) <= Decimal("0.5")


@given(totals, weights)
def test_the_parts_always_make_the_whole(total: int, by: list[int]) -> None:
    parts = split_fen(total, by)
    assert sum(parts) == total and len(parts) == len(by)


@given(totals, weights)
def test_no_part_is_further_from_its_share_than_a_fen(total: int, by: list[int]) -> None:
    for part, weight in zip(split_fen(total, by), by, strict=True):
        assert abs(part - Decimal(total) * weight / sum(by)) < 1


@given(totals, weights)
def test_who_has_no_weight_gets_nothing_and_nobody_gets_against_the_sign(total: int, by: list[int]) -> None:
    for part, weight in zip(split_fen(total, by), by, strict=True):
        assert part == 0 or (weight > 0 and (part > 0) == (total > 0))


@given(totals, weights)
def test_a_refund_is_the_mirror_of_the_charge(total: int, by: list[int]) -> None:
    assert split_fen(-total, by) == [-part for part in split_fen(total, by)]


@pytest.mark.parametrize(
    ("total", "by", "parts"),
    [(100, [1, 1, 1], [34, 33, 33]), (2, [1, 1, 1], [1, 1, 0]), (10, [Decimal("0.5"), 1], [3, 7]), (0, [3, 4], [0, 0])],
)
def test_the_odd_fen_goes_to_the_largest_remainder_then_to_the_earlier(
    total: int, by: list[int], parts: list[int]
) -> None:
    assert split_fen(total, by) == parts


@pytest.mark.parametrize("by", [[], [0, 0], [1, -1], [-1]])
def test_weights_that_mean_nothing_are_refused(by: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        split_fen(100, by)


@given(totals)
def test_yuan_are_exact(fen: int) -> None:
    assert Decimal(yuan(fen)) * 100 == fen and "E" not in yuan(fen)


def test_yuan_have_two_places() -> None:
    assert [yuan(fen) for fen in (3600, 5, -1, 0)] == ["36.00", "0.05", "-0.01", "0.00"]
