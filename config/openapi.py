"""Finishing the OpenAPI document: every call says how it may refuse, in the same words."""

from collections.abc import Iterator
from typing import Any

PROBLEM_JSON = "application/problem+json"
METHODS = ("get", "post", "put", "patch", "delete")

_FIELD_ERROR = {
    "type": "object",
    "description": "One thing wrong with one field, nested ones as `parts.0.pain`; the whole "
    "body has an empty name.",
    "properties": {
        "field": {"type": "string"},
        "code": {"type": "string", "description": "Stable, for programs."},
        "detail": {"type": "string", "description": "For people, in the language of the request."},
    },
    "required": ["field", "code", "detail"],
}
_PROBLEM = {
    "type": "object",
    "description": "An RFC 9457 problem document. A refused session log also has `id` and "
    "`flags`: show their text at once.",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Stable, for programs."},
        "detail": {"type": "string", "description": "For people, in the language of the request."},
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/FieldError"}},
    },
    "required": ["type", "title", "status", "code", "detail", "errors"],
}
_SAID = {
    "400": "The body cannot be read.",
    "401": "Signed out.",
    "403": "Visible, but not allowed.",
    "404": "Not there, or not visible: the two look the same.",
    "409": "Does not fit what is recorded.",
    "422": "A value that cannot be right, or must be confirmed.",
    "429": "Too many attempts; Retry-After says when to try again.",
}


def describe_refusals(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Add the problem documents that a call may answer with, where it does not name them itself."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    schemas |= {"FieldError": _FIELD_ERROR, "Problem": _PROBLEM}
    for path, operations in result["paths"].items():
        for method in METHODS:
            if operation := operations.get(method):
                for status in _refusals(path, method, operation):
                    operation["responses"].setdefault(status, _response(status))
                operation["responses"] = dict(sorted(operation["responses"].items()))
    return result


def _refusals(path: str, method: str, operation: dict[str, Any]) -> Iterator[str]:
    yield from ("401", "403", "429")
    if method == "post":
        yield "409"
    if "{" in path:
        yield "404"
    if "requestBody" in operation:
        yield from ("400", "409", "422")
    if any(parameter["in"] == "query" for parameter in operation.get("parameters", ())):
        yield "422"


def _response(status: str) -> dict[str, Any]:
    content = {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": _SAID[status], "content": content}
