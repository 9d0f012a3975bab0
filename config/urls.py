"""Every address begins here. The apps own what is below their prefix."""

from django.contrib import admin
from django.urls import include, path

from config import health, installable
from config.api_docs import ApiDocs, ApiSchema
from config.metrics import metrics

urlpatterns = [
    # First what phones ask for most: the resolver tries one address after another.
    path("api/v1/", include("rehab.api.urls")),
    path("api/v1/", include("patients.api.urls")),
    path("api/v1/", include("exercises.api.urls")),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("sw.js", installable.service_worker, name="service-worker"),
    path("manifest.webmanifest", installable.manifest, name="manifest"),
    path("api/schema/", ApiSchema.as_view(), name="api-schema"),
    path("api/docs/", ApiDocs.as_view(), name="api-docs"),
    path("_allauth/", include("allauth.headless.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("", include("patients.web.urls")),
    path("", include("rehab.web.urls")),
]

# Below /api/ these answer with problem documents.
handler404 = "config.problems.page_not_found"
handler500 = "config.problems.server_error"
