"""The API's own description, made once per process: it does not change while we run, and making it is dear."""

from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from steppe.kernel.api.views import View


@extend_schema(exclude=True)
class SchemaView(View):
    """OpenAPI 3 as JSON. Nothing of the question stands in the answer."""

    signed_in = False
    renderer_classes = [OpenApiJsonRenderer]

    def get(self, request: Request) -> Response:
        return Response(_schema())


@cache
def _schema() -> Any:
    return SchemaGenerator(urlconf="steppe.boot.urls_tenant").get_schema(public=True)
