"""Every refusal of the API as an RFC 9457 problem document.

    {"type": "about:blank", "title": "Unprocessable Content", "status": 422, "code": "invalid",
     "detail": "…", "errors": [{"field": "name", "code": "blank", "detail": "…"}]}

`code` is stable and for programs; `detail` is for people, in the language of the request.
"""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from math import ceil
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import defaults
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response

from patients.domain.errors import DomainError, FieldError, TooManyAttempts

CONTENT_TYPE = "application/problem+json"
WHOLE_BODY = ""
NOT_FOUND = _("Not found.")
NOT_ALLOWED = _("You may see this, but not do that.")
NOT_VALID = _("Some values cannot be right.")
SERVER_FAILED = _("Something went wrong here. Nothing was saved; try again later.")


def problem_response(exception: Exception, context: Mapping[str, Any]) -> Response | None:
    """Turn what a view raised into a problem; None lets an unforeseen error through."""
    if isinstance(exception, DomainError):
        return _of_domain(exception)
    if isinstance(exception, ValidationError):
        return _answer(422, "invalid", NOT_VALID, errors=list(flattened(exception.detail)))
    if isinstance(exception, Http404):
        return _answer(404, "not_found", NOT_FOUND)
    if isinstance(exception, PermissionDenied):
        return _answer(403, "not_allowed", NOT_ALLOWED)
    if isinstance(exception, APIException):
        return _of_framework(exception)
    return None


def problem(status: int, code: str, detail: Any, **members: Any) -> dict[str, Any]:
    """The body of a problem document, for doors that answer without raising."""
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": str(detail),
        "errors": [],
        **members,
    }


def domain_problem(error: DomainError) -> dict[str, Any]:
    """A named refusal as a problem document."""
    errors = [_field_error(each) for each in error.errors]
    detail = _filled(error.detail, error.params)
    if error.field and not errors:
        errors = [{"field": error.field, "code": error.code, "detail": detail}]
    return problem(error.status, error.code, detail, errors=errors, **error.members)


def flattened(detail: Any, path: str = WHOLE_BODY) -> Iterator[dict[str, str]]:
    """DRF's nested error details as a flat list; a nested field is `items.0.name`."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            step = WHOLE_BODY if name == "non_field_errors" else str(name)
            yield from flattened(inner, ".".join(part for part in (path, step) if part))
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            nested = isinstance(inner, Mapping | list)
            yield from flattened(inner, f"{path}.{index}" if nested else path)
    else:
        yield {"field": path, "code": getattr(detail, "code", "invalid"), "detail": str(detail)}


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer for an address that does not exist: a problem below /api/, else the page."""
    if not _speaks_problems(request):
        return defaults.page_not_found(request, exception)
    return JsonResponse(problem(404, "not_found", NOT_FOUND), status=404, content_type=CONTENT_TYPE)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer for a fault of ours: a problem below /api/, else the page."""
    if not _speaks_problems(request):
        return defaults.server_error(request)
    return JsonResponse(
        problem(500, "server_error", SERVER_FAILED), status=500, content_type=CONTENT_TYPE
    )


def _speaks_problems(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def _of_domain(error: DomainError) -> Response:
    headers = {}
    if isinstance(error, TooManyAttempts):
        headers["Retry-After"] = str(error.retry_after_seconds)
    body = domain_problem(error)
    return Response(body, error.status, headers=headers, content_type=CONTENT_TYPE)


def _of_framework(error: APIException) -> Response:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    wait = getattr(error, "wait", None)
    if wait is not None:
        headers["Retry-After"] = str(ceil(wait))
    code = getattr(error.detail, "code", None) or "refused"
    return _answer(error.status_code, code, error.detail, headers=headers)


def _answer(
    status: int, code: str, detail: Any, headers: dict[str, str] | None = None, **members: Any
) -> Response:
    return Response(
        problem(status, code, detail, **members),
        status,
        headers=headers,
        content_type=CONTENT_TYPE,
    )


def _field_error(error: FieldError) -> dict[str, Any]:
    detail = _filled(error.detail, error.params)
    return {"field": error.field, "code": error.code, "detail": detail, **error.members}


def _filled(msgid: str, params: Mapping[str, object]) -> str:
    text = gettext(msgid)
    return text % params if params else text
