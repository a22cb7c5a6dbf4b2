"""Code 128: the table and the check are the standard's."""

import pytest

from apps.console.bars import STOP, WIDTHS, drawn, signs


def test_every_sign_is_eleven_modules_and_no_two_are_the_same() -> None:
    assert len(WIDTHS) == 107 and len(set(WIDTHS)) == 107
    assert all(sum(map(int, one)) == 11 for one in WIDTHS[:STOP]) and sum(map(int, WIDTHS[STOP])) == 13
    assert all(sum(map(int, one[::2])) % 2 == 0 for one in WIDTHS[:STOP])  # black is even: how a scanner finds errors


def test_the_check_is_the_weighted_sum() -> None:
    # 104 + 1×51 (S) + 2×46 (N) + 3×16 + 4×16 + 5×16 (0) + 6×17 (1) = 541 = 5 × 103 + 26
    assert signs("SN0001") == [104, 51, 46, 16, 16, 16, 17, 26, STOP]


@pytest.mark.parametrize("text", ["", "光猫", "X" * 29])
def test_what_has_no_bars_has_its_code_only(text: str) -> None:
    assert drawn(text) == ""
