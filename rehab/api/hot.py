"""The pattern of the hot calls: one-statement sign-in, msgspec in, orjson out, nothing between.

`HotView` is an APIView only for its sign-in, its error handler and its place in the OpenAPI
document. A handler gets the request, returns an `HttpResponse`, and may raise named errors.
Every other view is plain DRF.
"""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeVar

import msgspec
import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated, ParseError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from patients.domain.errors import Invalid, NotSignedIn
from patients.models.session import TOKEN_HEADER
from rehab.actions.decoding import read
from rehab.api.asking import speak

Body = TypeVar("Body")
_TOKEN = "HTTP_" + TOKEN_HEADER.upper().replace("-", "_")


class HotView(APIView):
    """A view without DRF's negotiation, parsers and renderers; errors are the same problems."""

    # Methods whose action finds out itself whose token it is, in a trip that it takes anyway.
    with_token: ClassVar[frozenset[str]] = frozenset()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.args, self.kwargs, self.headers = args, kwargs, {}
        self.request = asked = Request(request, authenticators=self.get_authenticators())
        method = str(request.method).lower()
        try:
            if method not in self.with_token or token_in(asked) is None:
                must_be_signed_in(asked)
            speak(asked)
            return self._handler(method)(asked, *args, **kwargs)
        except NotSignedIn as error:
            refused = AuthenticationFailed(gettext(error.detail))
            return _as_bytes(self.handle_exception(refused))
        except Exception as error:
            return _as_bytes(self.handle_exception(error))

    def _handler(self, method: str) -> Callable[..., HttpResponse]:
        """Return the method for a call; OPTIONS could say nothing that the docs do not."""
        known = method in self.http_method_names and method != "options"
        return (
            getattr(self, method, self.http_method_not_allowed)
            if known
            else self.http_method_not_allowed
        )


def token_in(request: Request) -> str | None:
    """Return the token that a call names; without one its cookie is asked."""
    return request.META.get(_TOKEN) or None


def must_be_signed_in(request: Request) -> None:
    if not request.user.is_authenticated:
        raise NotAuthenticated


def answer(
    value: object, status: int = 200, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """Return a value as JSON; nobody but the caller may keep it."""
    kept = {"Cache-Control": "private, no-store", **(headers or {})}
    return HttpResponse(
        msgspec.json.encode(value), status=status, headers=kept, content_type="application/json"
    )


def decoded(body: bytes, kind: type[Body]) -> Body:
    """Decode a body; a field of the wrong kind, missing or unknown is named.

    Clinical values are not judged here: their types are loose, so that the action judges them
    after the red flags.
    """
    try:
        raw = msgspec.json.decode(body)
    except msgspec.DecodeError as error:
        raise ParseError(str(error)) from None
    return shaped(raw, kind)


def decoded_for(request: Request, kind: type[Body]) -> Body:
    """Decode a body whose sender is not known yet; only who is signed in hears what is wrong."""
    try:
        return decoded(request.body, kind)
    except (ParseError, Invalid):
        must_be_signed_in(request)
        raise


def shaped(raw: object, kind: type[Body], path: str = "") -> Body:
    """Turn decoded JSON into a dataclass; Invalid names the field that does not fit."""
    body, errors = read(raw, kind, path)
    if body is None:
        raise Invalid(errors=errors)
    return body


def _as_bytes(refused: Response) -> HttpResponse:
    headers = {**refused.headers, "Content-Type": refused.content_type or "application/json"}
    body = orjson.dumps(refused.data, default=str)
    return HttpResponse(body, status=refused.status_code, headers=headers)
