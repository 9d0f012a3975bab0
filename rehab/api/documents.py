"""What several calls share in the OpenAPI document: parameters, and dataclasses as shapes."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

# Importing the extension registers it.
from rehab.api.shapes import DataclassSchema

__all__ = ["CURSOR", "FROM", "LANG", "LIMIT", "TO", "DataclassSchema", "in_query"]


def in_query(name: str, kind: OpenApiTypes, description: str) -> OpenApiParameter:
    return OpenApiParameter(name, kind, OpenApiParameter.QUERY, description=description)


LANG = OpenApiParameter(
    "lang",
    OpenApiTypes.STR,
    OpenApiParameter.QUERY,
    enum=["zh-Hans", "en"],
    description="Language of the texts; else Accept-Language decides.",
)
CURSOR = in_query("cursor", OpenApiTypes.STR, "From `next` or `previous` of another page.")
LIMIT = in_query("limit", OpenApiTypes.INT, "Rows in a page.")
FROM = in_query("from", OpenApiTypes.DATE, "First local date, included.")
TO = in_query("to", OpenApiTypes.DATE, "Last local date, included.")
