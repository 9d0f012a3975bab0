"""The refusals of these addresses, as the OpenAPI document describes them."""

from drf_spectacular.utils import OpenApiResponse

PROBLEM = {
    "type": "object",
    "description": "An RFC 9457 problem document.",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "field": {"type": "string"},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
                "required": ["field", "code", "detail"],
            },
        },
    },
    "required": ["type", "title", "status", "code", "detail", "errors"],
}

_SAID = {
    401: "Signed out.",
    403: "Signed in, but not a practitioner.",
    404: "No such item.",
    422: "A query parameter that cannot be.",
}


def refusals(*statuses: int) -> dict[tuple[int, str], OpenApiResponse]:
    return {
        (status, "application/problem+json"): OpenApiResponse(PROBLEM, _SAID[status])
        for status in statuses
    }
