"""The HTTP API and its description."""

from config.settings.accounts import TRUSTED_PROXIES

API_VERSION = "1.0.0"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "patients.api.authentication.SessionTokenAuthentication",
        "patients.api.authentication.SessionCookieAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "config.problems.problem_response",
    "NUM_PROXIES": TRUSTED_PROXIES,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Rehab",
    "DESCRIPTION": (
        "A record and a guide for rehabilitation at home. Errors are RFC 9457 problem documents. "
        "Instants are RFC 3339 with offset, ids are UUIDs, lists use cursors."
    ),
    "VERSION": API_VERSION,
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    # Fields that share a name but not their choices.
    "ENUM_NAME_OVERRIDES": {
        "CareRoleEnum": "patients.models.relationship.ROLES",
        "HeldCareRoleEnum": "patients.models.relationship.ALL_ROLES",
        "PostRoleEnum": ["practitioner", "coordinator"],
        "ItemKindEnum": "rehab.models.item.ItemKind",
        "KnownAnswerEnum": "rehab.models.profile.Answer",
        "PlanStatusEnum": "rehab.models.plan.PlanStatus",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "config.openapi.describe_refusals",
    ],
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
}
