"""Public ids in addresses, `<public:public_id>`: what cannot be one is not found before any query."""

from django.urls import register_converter


class PublicId:
    """The alphabet of `token_urlsafe`; never an internal id, never a NUL."""

    regex = "[A-Za-z0-9_-]{8,40}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(PublicId, "public")
