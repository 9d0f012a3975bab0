"""The API's documentation as a plain page, drawn from the same OpenAPI document.

The usual viewers need scripts from elsewhere or styles inside the page; our
Content-Security-Policy allows neither.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views import View
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request
from rest_framework.response import Response

LANGUAGE = "en"
METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True)
class Value:
    """A parameter of a call or a property of a body."""

    name: str
    type: str
    target: str
    required: bool
    description: str


@dataclass(frozen=True, slots=True)
class Call:
    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[Value, ...]
    body: Value | None
    answers: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Body:
    name: str
    description: str
    values: tuple[Value, ...]


class ApiSchema(SpectacularAPIView):
    """The document itself; its sentences are English whatever the reader speaks."""

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        parent: Any = super()
        with translation.override(LANGUAGE):
            response: Response = parent.get(request, *args, **kwargs)
        return response


class ApiDocs(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        calls, bodies = described()
        return render(request, "api_docs.html", {"calls": calls, "bodies": bodies})


@lru_cache(maxsize=1)
def described() -> tuple[tuple[Call, ...], tuple[Body, ...]]:
    document = _document()
    components = document.get("components", {}).get("schemas", {})
    return tuple(_calls(document)), tuple(_body(*item) for item in components.items())


def _document() -> dict[str, Any]:
    generator: Any = SchemaGenerator
    with translation.override(LANGUAGE):
        document: dict[str, Any] = generator().get_schema(request=None, public=True)
    return document


def _calls(document: Mapping[str, Any]) -> Iterator[Call]:
    for path, operations in document["paths"].items():
        for method in METHODS:
            if operation := operations.get(method):
                yield _call(method, path, operation)


def _call(method: str, path: str, operation: Mapping[str, Any]) -> Call:
    text = operation.get("description", "")
    first, _, rest = text.partition("\n")
    return Call(
        method=method.upper(),
        path=path,
        summary=operation.get("summary") or first,
        description=text if operation.get("summary") else rest.strip(),
        parameters=tuple(_parameter(one) for one in operation.get("parameters", ())),
        body=_content("", operation.get("requestBody")),
        answers=tuple(
            answer
            for status, response in operation.get("responses", {}).items()
            if (answer := _content(str(status), response))
        ),
    )


def _parameter(parameter: Mapping[str, Any]) -> Value:
    return _value(
        parameter["name"],
        parameter.get("schema", {}),
        required=parameter.get("required", False),
        description=parameter.get("description"),
    )


def _content(name: str, part: Mapping[str, Any] | None) -> Value | None:
    if part is None:
        return None
    schemas = [content.get("schema", {}) for content in part.get("content", {}).values()]
    schema = schemas[0] if schemas else {}
    return _value(name, schema, description=part.get("description", ""))


def _body(name: str, schema: Mapping[str, Any]) -> Body:
    required = schema.get("required", ())
    values = tuple(
        _value(key, value, required=key in required)
        for key, value in schema.get("properties", {}).items()
    )
    return Body(name, schema.get("description", ""), values)


def _value(
    name: str, schema: Mapping[str, Any], *, required: bool = False, description: str | None = None
) -> Value:
    kind, target = _type(schema)
    text = schema.get("description", "") if description is None else description
    return Value(name, kind, target, required, text)


def _type(schema: Mapping[str, Any]) -> tuple[str, str]:
    """Return words for a type, and the component it leads to, if any."""
    if reference := schema.get("$ref"):
        target = str(reference).rsplit("/", 1)[-1]
        return target, target
    for joint in ("allOf", "oneOf", "anyOf"):
        if choices := schema.get(joint):
            named = [_type(choice) for choice in choices]
            return " | ".join(word for word, _ in named), named[0][1]
    if schema.get("type") == "array":
        word, target = _type(schema.get("items", {}))
        return f"list of {word}", target
    if choices := schema.get("enum"):
        return " | ".join("null" if choice is None else str(choice) for choice in choices), ""
    return _simple(schema), ""


def _simple(schema: Mapping[str, Any]) -> str:
    kind = schema.get("type", "any")
    word = " | ".join(kind) if isinstance(kind, list) else str(kind)
    return f"{word} ({schema['format']})" if "format" in schema else word
