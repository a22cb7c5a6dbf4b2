"""Numbers, names and times as people read them."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from steppe.ui import formatting

ENGLISH = {"d": "{n} d", "h": "{n} h", "m": "{n} min", "s": "{n} s"}
CASES = json.loads((Path(__file__).parent / "due_cases.json").read_text())


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13800000427", "138****0427"),
        ("138 0000 0427", "138****0427"),
        ("+8613800000427", "+86138****0427"),
        ("0479-8123456", "0479-****456"),
        ("8123456", "****56"),
        ("96066", "****"),
    ],
)
def test_a_masked_number_tells_who_may_recognise_it_and_no_more(number: str, shown: str) -> None:
    assert formatting.mask_phone(number) == shown


@pytest.mark.parametrize("number", ["13800000427", "0479-8123456", "8123456", "96066", "1"])
def test_a_mask_always_hides_at_least_four_digits_or_all(number: str) -> None:
    kept = sum(char.isdigit() for char in formatting.mask_phone(number))
    assert sum(char.isdigit() for char in number) - kept >= min(4, len(number))


def test_a_mobile_number_is_grouped_as_it_is_said() -> None:
    assert formatting.group_phone("13800000427") == "138 0000 0427"
    assert formatting.group_phone("0479-8123456") == "0479-8123456"


@pytest.mark.parametrize(
    ("fen", "shown"), [(3600, "¥36.00"), (5, "¥0.05"), (-50, "-¥0.50"), (123456789, "¥1,234,567.89")]
)
def test_money_is_shown_from_whole_fen(fen: int, shown: str) -> None:
    assert formatting.money(fen) == shown


@pytest.mark.parametrize(
    ("metres", "shown"),
    [(0, "0 m"), (847, "850 m"), (994, "990 m"), (996, "1 km"), (1234, "1.2 km"), (86000, "86 km"), (99960, "100 km")],
)
def test_distance_is_as_fine_as_the_position(metres: float, shown: str) -> None:
    assert formatting.distance(metres) == shown


@pytest.mark.parametrize(("seconds", "shown"), CASES)
def test_a_countdown_says_its_two_largest_units(seconds: int, shown: str) -> None:
    word = "over" if seconds < 0 else "left"
    assert f"{formatting.duration(seconds, ENGLISH)} {word}" == shown


def test_a_moment_names_the_year_only_when_it_is_another_one() -> None:
    patterns = {"this_year": "{month}月{day}日 {time}", "other_year": "{year}年{month}月{day}日 {time}"}
    now = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    assert formatting.moment(datetime(2026, 11, 23, 5, 42, tzinfo=UTC), now, **patterns) == "11月23日 13:42"
    assert formatting.moment(datetime(2025, 12, 31, 15, 59, tzinfo=UTC), now, **patterns) == "2025年12月31日 23:59"


def test_the_year_turns_at_midnight_in_shanghai_not_in_london() -> None:
    patterns = {"this_year": "{day} {mon} {time}", "other_year": "{year}"}
    now = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)  # already the new year here
    assert formatting.moment(datetime(2026, 12, 31, 16, 0, tzinfo=UTC), now, **patterns) == "1 Jan 00:00"


def test_a_serial_is_read_in_groups_of_four() -> None:
    assert formatting.serial("48575443a1b2c3d") == "4857 5443 a1b2 c3d"
