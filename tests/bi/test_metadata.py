"""What the feed says of itself: CSDL by the standard's rules, the view's own columns, and documents that agree."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import pytest
from xmlschema import XMLSchema, XMLSchemaValidationError

from apps.bi.rules import metadata, sets
from apps.bi.rules.shapes import BRANCH, HEADQUARTERS, SQL_TYPES, RowSet
from steppe.kernel.actors import Actor
from tenants.context import in_public
from tests.bi.reading import asked, reading
from tests.bi.said import table_of
from tests.cast import Branch

ROOT = Path(__file__).resolve().parents[2]
OASIS = ROOT / "frontend" / "node_modules" / "odata-csdl" / "schemas"
EDMX, EDM = f"{{{metadata.EDMX}}}", f"{{{metadata.EDM}}}"
IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")  # CSDL 4.0 §17.2, of which we use ASCII
SITES = (BRANCH, HEADQUARTERS)
COLUMNS = """
SELECT a.attname, format_type(a.atttypid, NULL), col_description(c.oid, a.attnum) FROM pg_class c
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
 WHERE c.oid = to_regclass(%s) AND c.relkind = 'v' ORDER BY a.attnum
"""
# Words by which FineBI, Power BI or SQL would stumble over a column.
TAKEN = {
    "double",
    "boolean",
    "bit",
    "date",
    "time",
    "timestamp",
    "user",
    "order",
    "group",
    "at",
    "role",
    "mode",
    "level",
}


def test_the_document_is_valid_by_the_schema_of_oasis() -> None:
    """Its package brings it along with the page assets' others (frontend/package.json)."""
    schema = XMLSchema(OASIS / "edmx.xsd")
    for site in SITES:
        written = metadata.document(sets.sets_of(site))
        schema.validate(BytesIO(written))
        with pytest.raises(XMLSchemaValidationError):
            schema.validate(BytesIO(written.replace(b" Nullable=", b" Nulable=", 1)))


def test_the_document_obeys_csdl() -> None:
    """§3 to §13 of CSDL 4.0, as far as we use them: also what a schema cannot say."""
    for site in SITES:
        root = Xml.fromstring(metadata.document(sets.sets_of(site)))
        assert root.tag == f"{EDMX}Edmx" and root.get("Version") == "4.0"
        assert [child.tag for child in root] == [f"{EDMX}Reference", f"{EDMX}DataServices"]
        assert root[0].get("Uri") and [i.tag for i in root[0]] == [f"{EDMX}Include"]
        [schema] = root[1]
        assert schema.tag == f"{EDM}Schema" and IDENTIFIER.fullmatch(schema.get("Namespace", ""))
        kinds = [child.tag.removeprefix(EDM) for child in schema]
        assert kinds == ["EntityType"] * len(sets.sets_of(site)) + ["EntityContainer"]
        types = {f"{schema.get('Namespace')}.{one.get('Name')}": one for one in schema if one.tag == f"{EDM}EntityType"}
        for one in types.values():
            _obeys(one)
        container = schema[-1]
        assert IDENTIFIER.fullmatch(container.get("Name", "")) and len(types) == len(kinds) - 1
        for entity_set in container:
            assert entity_set.tag == f"{EDM}EntitySet" and entity_set.get("EntityType") in types
            assert set(entity_set.attrib) == {"Name", "EntityType"}


def _obeys(entity: Xml.Element) -> None:
    assert set(entity.attrib) == {"Name"} and [child.tag for child in entity].count(f"{EDM}Key") == 1
    properties = {one.get("Name"): one for one in entity if one.tag == f"{EDM}Property"}
    assert len(properties) == len(entity) - 1, "a name twice, or something that is no property"
    for name, one in properties.items():
        assert IDENTIFIER.fullmatch(name or "") and name != entity.get("Name")
        kind = one.get("Type", "")
        facets = {"Edm.DateTimeOffset": {"Precision"}, "Edm.Decimal": {"Precision", "Scale"}}.get(kind, set())
        assert kind in {"Edm.String", "Edm.Int64", "Edm.Decimal", "Edm.Boolean", "Edm.DateTimeOffset", "Edm.Date"}
        assert set(one.attrib) - {"Name", "Type", "Nullable"} == facets and one.get("Nullable", "false") == "false"
        assert int(one.get("Precision", 1)) <= 19 and int(one.get("Scale", 0)) <= int(one.get("Precision", 1))
        [about] = one
        assert about.tag == f"{EDM}Annotation" and about.get("Term") == "Core.Description" and about.get("String")
    for reference in entity.find(f"{EDM}Key") or ():
        of = properties[reference.get("Name")]
        assert of.get("Nullable") == "false", "a key is never null (§8.2)"
        assert of.get("Type") in {"Edm.String", "Edm.Int64", "Edm.Date"}


@pytest.mark.parametrize("rows", sets.ALL, ids=lambda one: one.name)
def test_a_view_has_just_the_columns_its_set_tells_of(lotus_db: Branch, rows: RowSet) -> None:
    found = asked(COLUMNS, f"public.{rows.view}" if rows.site == HEADQUARTERS else rows.view)
    assert [name for name, _, _ in found] == [one.name for one in rows.columns]
    for (name, kind, comment), column in zip(found, rows.columns, strict=True):
        assert kind in SQL_TYPES[column.kind], (name, kind)
        assert re.search("[\u4e00-\u9fff]", comment or ""), f"{name} has no Chinese note"
        assert re.fullmatch(r"[a-z][a-z0-9_]*", name) and name not in TAKEN, name
        assert re.search(r"_v[0-9]+$", rows.view)


PRIVATE = re.compile(
    r"phone|address|contact_(name|phone)|account_no|customer_(id|name|no)|customer$|person|^lat$|^lng$|description|note"
    r"|by_name|password|solution"
)


@pytest.mark.parametrize("rows", sets.ALL, ids=lambda one: one.name)
def test_no_column_is_a_persons(lotus_db: Branch, rows: RowSet) -> None:
    assert not [one.name for one in rows.columns if PRIVATE.search(one.name)]
    used = asked(
        "SELECT table_name, column_name FROM information_schema.view_column_usage WHERE view_name = %s", rows.view
    )
    assert not [(table, column) for table, column in used if PRIVATE.search(column)], used


def test_the_contract_of_version_1_stands(lotus_db: Branch, ji: Actor) -> None:
    """A column that is missing, renamed or of another kind breaks somebody's report: this file may only grow."""
    golden = (ROOT / "tests/bi/contract_v1.txt").read_text().split("\n")
    now = {f"{one.name} {one.view} {c.name} {c.kind}" for one in sets.ALL for c in one.columns}
    keys = {f"{one.name} key {' '.join(one.key)}" for one in sets.ALL}
    lost = [line for line in filter(None, golden) if line not in now | keys]
    assert not lost, f"the promise of docs/bi.md is broken: {lost}"
    assert (now | keys) <= set(golden), f"new, to be written down: {sorted((now | keys) - set(golden))}"


def test_the_paper_lists_every_view_and_column() -> None:
    paper = (ROOT / "docs/bi.md").read_text()
    for rows in sets.ALL:
        assert table_of(rows) in paper, f"docs/bi.md: python -m tests.bi.said says what belongs there for {rows.view}"


def test_the_feed_serves_them(lotus_db: Branch, headquarters: Branch, ji: Actor) -> None:
    reader = reading(lotus_db, ji)
    document = reader.get("$metadata", Accept="application/json")
    assert document["Content-Type"] == "application/xml" and document.content == metadata.document(sets.sets_of(BRANCH))
    service: dict[str, Any] = reader.get("").json()
    assert service["@odata.context"] == "http://lotus.localhost/odata/v4/$metadata"
    assert [(one["name"], one["kind"]) for one in service["value"]] == [
        (one.name, "EntitySet") for one in sets.sets_of(BRANCH)
    ]
    bare = reader.get("", Accept="application/json;odata.metadata=none").json()
    assert list(bare) == ["value"]
    assert reader.get("", OData_MaxVersion="3.0").status_code == 400
    assert reader.get("", OData_MaxVersion="4.01").status_code == 200
    with in_public():
        eye = reading(headquarters, headquarters.eye)
        assert eye.get("$metadata").content == metadata.document(sets.sets_of(HEADQUARTERS))
