"""Every address of the product, taken from Django's own resolver."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver

_PARAMETER = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>")


@dataclass(frozen=True)
class Route:
    """One address: its pattern ("api/v1/patients/<uuid:patient_id>") and its view."""

    pattern: str
    view: Any

    @property
    def parameters(self) -> dict[str, str]:
        """Names of what stands in the address, each with its kind."""
        return {
            match["name"]: match["converter"] or "str"
            for match in _PARAMETER.finditer(self.pattern)
        }

    def address(self, values: Mapping[str, object]) -> str:
        return "/" + _PARAMETER.sub(lambda match: str(values[match["name"]]), self.pattern)

    def __str__(self) -> str:
        return self.pattern


@cache
def routes() -> tuple[Route, ...]:
    """Our own routes. Those of allauth and of the admin are theirs to test."""
    return tuple(
        route
        for route in _walk(get_resolver(), "")
        if not route.pattern.startswith(("_allauth/", "accounts/", "admin/", "static/"))
    )


def routes_with_an_id() -> list[Route]:
    return [route for route in routes() if route.parameters]


def _walk(resolver: URLResolver, prefix: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, pattern)
        elif isinstance(entry, URLPattern):
            yield Route(pattern, entry.callback)


def anything(kind: str) -> object:
    """A value that fits a kind of parameter and names nothing."""
    return UUID(int=7) if kind == "uuid" else {"int": 7, "slug": "nothing"}.get(kind, "nothing")
