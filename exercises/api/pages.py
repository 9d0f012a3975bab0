"""Long lists by cursor: `next`, `previous`, `results`."""

from typing import Any

from rest_framework.exceptions import ErrorDetail, NotFound, ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request


class InOrder(CursorPagination):
    """The order in which the sheets list the content."""

    page_size = 50
    page_size_query_param = "limit"
    max_page_size = 200
    ordering = ("position", "pk")

    def decode_cursor(self, request: Request) -> Any:
        """A broken cursor is a value that cannot be, not a page that is not there."""
        try:
            return super().decode_cursor(request)
        except NotFound as error:
            detail = ErrorDetail(str(error.detail), code="invalid_cursor")
            raise ValidationError({"cursor": [detail]}) from error

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """DRF writes `nullable`, which OpenAPI 3.1 no longer knows."""
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }
