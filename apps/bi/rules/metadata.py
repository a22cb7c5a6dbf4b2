"""The feed's own description: CSDL 4.0 as XML, and the service document. Pure."""

from collections.abc import Iterable
from typing import Any
from xml.etree import ElementTree as Xml

from apps.bi.rules.shapes import Column, RowSet

EDMX = "http://docs.oasis-open.org/odata/ns/edmx"
EDM = "http://docs.oasis-open.org/odata/ns/edm"
NAMESPACE, CONTAINER = "Steppe", "Reports"
CORE = "https://oasis-tcs.github.io/odata-vocabularies/vocabularies/Org.OData.Core.V1.xml"
FACETS = {"moment": {"Precision": "6"}, "decimal": {"Precision": "14", "Scale": "2"}}

Xml.register_namespace("edmx", EDMX)
Xml.register_namespace("", EDM)  # as every client expects to see it


def document(sets: Iterable[RowSet]) -> bytes:
    """`$metadata`."""
    root = Xml.Element(f"{{{EDMX}}}Edmx", {"Version": "4.0"})
    Xml.SubElement(Xml.SubElement(root, f"{{{EDMX}}}Reference", {"Uri": CORE}), f"{{{EDMX}}}Include", {
        "Namespace": "Org.OData.Core.V1", "Alias": "Core",
    })  # fmt: skip
    schema = _below(Xml.SubElement(root, f"{{{EDMX}}}DataServices"), "Schema", Namespace=NAMESPACE)
    listed = list(sets)
    for one in listed:
        _entity(schema, one)
    container = _below(schema, "EntityContainer", Name=CONTAINER)
    for one in listed:
        _about(_below(container, "EntitySet", Name=one.name, EntityType=f"{NAMESPACE}.{one.entity}"), one.about)
    return Xml.tostring(root, encoding="utf-8", xml_declaration=True)


def service(sets: Iterable[RowSet]) -> list[dict[str, Any]]:
    """The `value` of the service document."""
    return [{"name": one.name, "kind": "EntitySet", "url": one.name} for one in sets]


def _entity(schema: Xml.Element, one: RowSet) -> None:
    entity = _below(schema, "EntityType", Name=one.entity)
    key = _below(entity, "Key")
    for name in one.key:
        _below(key, "PropertyRef", Name=name)
    for column in one.columns:
        _property(entity, column)


def _property(entity: Xml.Element, column: Column) -> None:
    facets = FACETS.get(column.kind, {}) | ({} if column.null else {"Nullable": "false"})
    _about(_below(entity, "Property", Name=column.name, Type=column.edm, **facets), column.about)


def _about(element: Xml.Element, words: str) -> None:
    _below(element, "Annotation", Term="Core.Description", String=words)


def _below(parent: Xml.Element, tag: str, **attributes: str) -> Xml.Element:
    return Xml.SubElement(parent, f"{{{EDM}}}{tag}", attributes)
