"""Figures of all branches are taken away: the page's numbers in every format, the same bytes, a line in the audit."""

import io
import json
from datetime import timedelta

import pytest
from django.utils.translation import override
from pypdf import PdfReader

from apps.exports.errors import BadExport
from apps.exports.writers import FORMS
from apps.headquarters import reports_read
from apps.headquarters.reports_read import KPIS, Asked
from apps.headquarters.rules.kpis import readable
from apps.headquarters.services import take_figures
from apps.headquarters.services.taking_away import TABLE
from steppe.kernel.errors import NotAllowed
from steppe.kernel.journal.models import AuditEntry
from tenants.context import in_branch, in_public
from tests.cast import Branch
from tests.exports.opened import opened_as
from tests.headquarters.facts import counted, lately
from tests.make import actor, client_at, make_ticket
from tests.queries import asking

FILE = "/hq/kpi/file/{}/"
KINDS = {column.code: column.kind for column, _cell in TABLE}


@pytest.fixture
def two(lotus_db: Branch, maple: Branch) -> tuple[Branch, Branch]:
    make_ticket(status="closed")
    with in_branch(maple.tenant):
        make_ticket(status="closed", type_code="fault_tv")
        make_ticket()
    for branch in (lotus_db, maple):
        counted(branch)
    return lotus_db, maple


def asked(**more: str) -> Asked:
    first, last = lately()
    return Asked(first=first, last=last, **more)


def taken(form: str, who, **more: str) -> bytes:
    with override("en"):
        return take_figures(asked=asked(**more), form=form, by=who).file.read()


@pytest.mark.parametrize("form", ["csv", "xlsx", "jsonl", "parquet"])
def test_the_file_says_what_the_page_says(two, headquarters: Branch, form: str) -> None:
    eye, codes = headquarters.eye, list(KPIS)
    lines = [reports_read.total(eye, asked(), codes), *reports_read.by(eye, asked(), "branch", codes)]
    wanted = [(line.key, code, one) for line in lines for code, one in line.figures.items()]
    rows = opened_as(form, taken(form, eye), KINDS)
    assert len(rows) == len(wanted) == 3 * len(KPIS)
    for row, (branch, code, one) in zip(rows, wanted, strict=True):
        kpi = KPIS[code]
        below = None if one.denominator is None else readable(kpi.denominator, one.denominator)
        assert (row[0] or "", row[2], *row[4:7]) == (
            branch, code, readable(kpi.numerator, one.numerator), below, one.value,
        )  # fmt: skip


def test_the_paper_names_every_branch_and_figure(two, headquarters: Branch) -> None:
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(taken("pdf", headquarters.eye))).pages)
    assert all(name in text for name in ("Figures of all branches", "LO", "MA", "on_time_rate"))


def test_the_same_figures_are_the_same_bytes(two, headquarters: Branch) -> None:
    for form in FORMS:
        assert taken(form, headquarters.eye) == taken(form, headquarters.eye), form


def test_it_goes_out_as_a_file_with_its_sum_and_a_line_in_the_audit(two, headquarters: Branch) -> None:
    client, (first, last) = client_at(headquarters, headquarters.eye), lately()
    answer = client.get(FILE.format("csv"), {"from": first.isoformat(), "to": last.isoformat()})
    content = b"".join(answer.streaming_content)
    assert answer.status_code == 200 and int(answer["Content-Length"]) == len(content)
    assert "attachment" in answer["Content-Disposition"] and answer["Cache-Control"].startswith("max-age=0")
    with in_public():
        line = AuditEntry.objects.filter(action="headquarters.take_figures").get()
    told = json.loads(line.details["args"])
    assert told["sha256"] == answer["X-Content-SHA256"] and told["form"] == "csv"


def test_a_format_there_is_none_of_is_refused_and_leaves_no_line(two, headquarters: Branch) -> None:
    with pytest.raises(BadExport):
        take_figures(asked=asked(), form="doc", by=headquarters.eye)
    assert client_at(headquarters, headquarters.eye).get(FILE.format("doc")).status_code == 422
    with in_public():
        assert not AuditEntry.objects.filter(action="headquarters.take_figures").exists()


def test_nobody_of_a_branch_takes_those_of_all(two, headquarters: Branch) -> None:
    with in_branch(two[0].tenant), pytest.raises(NotAllowed):
        take_figures(asked=asked(branch="MA"), form="csv", by=actor("wu"))


def test_more_branches_are_not_more_queries(two, headquarters: Branch) -> None:
    with asking(13):
        taken("csv", headquarters.eye)


def test_a_period_without_anything_has_its_lines_all_the_same(two, headquarters: Branch) -> None:
    long_ago = lately()[0] - timedelta(days=900)
    with override("en"):
        found = take_figures(asked=Asked(first=long_ago, last=long_ago), form="jsonl", by=headquarters.eye)
    rows = opened_as("jsonl", found.file.read(), KINDS)
    assert {row[6] for row in rows if row[2] == "csat"} == {None}
