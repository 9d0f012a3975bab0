"""The short way through the middleware, for what a phone asks of the API with its token.

Sessions, messages, htmx, CSRF cookies and static files are of pages: a call with a token neither
reads nor writes them. They took a tenth of the Python of logging a session.
"""

from collections.abc import Callable
from typing import ClassVar, cast

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.common import CommonMiddleware
from django.middleware.locale import LocaleMiddleware

Answering = Callable[[HttpRequest], HttpResponseBase]
_TOKEN = "HTTP_X_SESSION_TOKEN"  # noqa: S105  the name of a header
_API = "/api/v1/"


class ShortWay:
    """Lets calls of phones past the middleware of pages; everything else goes through it.

    A call names a token and is let in by it or not at all (`patients.api.authentication`), so it
    cannot get past the CSRF check that its cookie would need. Host, language and headers are
    theirs too, and errors are turned into answers on either way.
    """

    def __init__(self, get_response: Answering) -> None:
        self.of_pages = get_response
        # Django builds the middleware from its end, so what lies behind it is known here.
        inner = XFrameOptionsMiddleware(WayEnd.behind)
        self.of_phones = cast("Answering", LocaleMiddleware(CommonMiddleware(inner)))

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if _TOKEN in request.META and request.path_info.startswith(_API):
            return self.of_phones(request)
        return self.of_pages(request)


class WayEnd:
    """Where both ways meet: the last of the middleware."""

    behind: ClassVar[Answering]

    def __init__(self, get_response: Answering) -> None:
        self.get_response = get_response
        WayEnd.behind = staticmethod(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)
