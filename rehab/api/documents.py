"""Parameters that several calls share, for the OpenAPI document."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter


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
