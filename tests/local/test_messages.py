"""The translations compile without gettext, and a missing or doubtful Chinese word is found."""

import gettext
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from infra.local import extract, messages

HEADER = """msgid ""
msgstr ""
"Language: zh_Hans\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"""


@pytest.fixture
def chinese(tmp_path: Path) -> Path:
    path = tmp_path / "zh_Hans" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    return path


def needed(*strings: str | tuple[str, str]) -> Catalog:
    catalog = Catalog()
    for string in strings:
        catalog.add(string, locations=[("apps/tickets/errors.py", 1)])
    return catalog


def test_a_catalog_compiles_to_what_python_reads(chinese: Path, tmp_path: Path) -> None:
    chinese.write_text(HEADER + '\nmsgid "Grab"\nmsgstr "抢单"\n')

    assert messages.compile_all(tmp_path) == 1
    with chinese.with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Grab") == "抢单"
    assert messages.compile_all(tmp_path) == 0  # nothing changed, nothing to do


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ("", "no Chinese"),
        ('msgid "Wait %(seconds)s seconds"\nmsgstr ""\n', "no Chinese"),
        ('#, fuzzy\nmsgid "Wait %(seconds)s seconds"\nmsgstr "等 %(seconds)s 秒"\n', "no Chinese"),
        ('msgid "Wait %(seconds)s seconds"\nmsgstr "请稍候"\n', "other placeholders"),
    ],
    ids=["absent", "empty", "fuzzy", "a hole is missing"],
)
def test_a_string_without_good_chinese_is_named(chinese: Path, entry: str, complaint: str) -> None:
    chinese.write_text(f"{HEADER}\n{entry}")

    [found] = messages.complaints(chinese, needed("Wait %(seconds)s seconds"))

    assert found.startswith(complaint)
    assert "apps/tickets/errors.py" in found


def test_a_complete_translation_has_no_complaints(chinese: Path) -> None:
    plural = 'msgid "%(n)s ticket"\nmsgid_plural "%(n)s tickets"\nmsgstr[0] "%(n)s 张工单"\n'
    chinese.write_text(f'{HEADER}\nmsgid "Void"\nmsgstr "作废"\n\n{plural}')

    assert messages.complaints(chinese, needed("Void", ("%(n)s ticket", "%(n)s tickets"))) == []


def test_strings_are_found_in_templates_and_in_python(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        '{% load i18n %}<b>{% translate "Grab" %}</b>{% translate "Open" context "ticket" %}'
        "{% blocktranslate count n=n trimmed %}{{ n }} ticket{% plural %}{{ n }} tickets{% endblocktranslate %}"
    )
    module = tmp_path / "errors.py"
    module.write_text('text = _("Already taken by %(name)s")\nother = pgettext("state", "Pooled")\nnot_ours("x")\n')

    assert [found[:2] for found in extract.strings(page)] == [
        ("Grab", None),
        ("Open", "ticket"),
        (("%(n)s ticket", "%(n)s tickets"), None),
    ]
    assert [found[:2] for found in extract.strings(module)] == [
        ("Already taken by %(name)s", None),
        ("Pooled", "state"),
    ]


def test_bringing_the_file_up_to_date_keeps_what_was_translated(chinese: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chinese.write_text(HEADER + '\nmsgid "Grab"\nmsgstr "抢单"\n\nmsgid "Gone"\nmsgstr "没了"\n')
    monkeypatch.setattr(extract, "catalog", lambda: needed("Grab", "Reassign"))

    assert messages.extract_all(chinese) == 1

    text = chinese.read_text()
    assert 'msgid "Grab"\nmsgstr "抢单"' in text
    assert 'msgid "Reassign"\nmsgstr ""' in text
    assert "Gone" not in text
