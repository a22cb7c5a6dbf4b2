"""What stands in a cell: pure."""

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.exports.columns import Column
from apps.exports.rules import cells
from apps.exports.rules.cells import harmless
from apps.exports.writers import Sheet
from apps.exports.writers.comma import Writer


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


CELLS = st.text(alphabet=st.sampled_from("ab,\"\r\n'=+ 中一\t\0"), max_size=8)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(CELLS, st.integers(-99, 99), CELLS), min_size=1, max_size=20), st.sampled_from([1, 3]))
def test_our_csv_is_the_library_s_csv(rows, wide):
    """Put together a page at once, and yet the same letters as the csv module writes."""
    columns = [Column("a", "=a,b"), Column("n", "n", "int"), Column("c", "c")][:wide]
    with TemporaryDirectory() as folder:
        path = Path(folder, "file")
        writer = Writer(path, Sheet("", "", "", columns))
        writer.page(list(zip(*rows, strict=True))[:wide])
        writer.close()
        found = path.read_bytes()
    wanted = io.StringIO(newline="")
    told = csv.writer(wanted, lineterminator="\r\n")
    told.writerow([harmless(one.word) for one in columns])
    told.writerows([harmless(one) if isinstance(one, str) else one for one in row[:wide]] for row in rows)
    assert found == wanted.getvalue().encode("utf-8-sig")
