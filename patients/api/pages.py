"""Long lists by cursor: `next`, `previous`, `results`."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView


class ByName(CursorPagination):
    page_size = 50
    ordering = ("name", "id")


class LatestFirst(CursorPagination):
    page_size = 50
    ordering = ("-at", "-id")


def paged(
    pagination: CursorPagination,
    rows: QuerySet[Any],
    request: Request,
    view: APIView,
    show: Callable[[Sequence[Any]], Any],
) -> Response:
    """One page of rows, shown as JSON."""
    page = pagination.paginate_queryset(rows, request, view=view)
    return pagination.get_paginated_response(show(page or []))
