"""`<rowset:rows>` and `<rowkey:key>`: a set's name and a key in brackets, as OData spells them."""

from django.urls import register_converter
from django.urls.converters import StringConverter


class SetConverter(StringConverter):
    regex = r"[A-Za-z][A-Za-z0-9]{0,60}"


class KeyConverter(StringConverter):
    regex = r"[^()]{1,200}"


register_converter(SetConverter, "rowset")
register_converter(KeyConverter, "rowkey")
