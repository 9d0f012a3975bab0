"""The Content-Security-Policy of pages. JSON has no scripts to allow, and its policy costs time."""

from csp.middleware import CSPMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class PagePolicy(CSPMiddleware):
    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if request.path_info.startswith("/api/v1/"):
            return response
        return super().process_response(request, response)
