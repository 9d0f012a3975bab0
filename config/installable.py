"""What makes the product installable on a phone: its service worker and its manifest.

Both are for everybody and tell nothing about anybody.
"""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

ICONS = ((192, "shell/icon-192.png"), (512, "shell/icon-512.png"))


@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """At the root, because a worker may only serve what is below its own address."""
    return render(request, "sw.js", content_type="text/javascript; charset=utf-8")


@require_safe
@cache_control(max_age=3600)
@vary_on_headers("Accept-Language", "Cookie")
def manifest(request: HttpRequest) -> JsonResponse:
    body = {
        "id": "/",
        "name": _("Rehab record"),
        "short_name": _("Rehab record"),
        "lang": get_language(),
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "icons": [
            {"src": static(path), "sizes": f"{size}x{size}", "type": "image/png"}
            for size, path in ICONS
        ],
    }
    return JsonResponse(
        body, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False}
    )
