"""Long lists by cursor: `next`, `previous`, `results`."""

from rest_framework.pagination import CursorPagination


class InOrder(CursorPagination):
    """The order in which the sheets list the content."""

    page_size = 50
    page_size_query_param = "limit"
    max_page_size = 200
    ordering = ("position", "pk")
