"""Apps, middleware, templates, languages and files."""

import secrets
import zoneinfo
from pathlib import Path

from config.settings.env import BASE_DIR, env

# Naming a database means a deployment, unless it is said otherwise.
ENVIRONMENT = env.choice(
    "ENVIRONMENT",
    ("production", "local", "test"),
    "production" if env.text("DATABASE_URL") else "local",
)
PRODUCTION = ENVIRONMENT == "production"

DEBUG = env.flag("DEBUG", False)
SECRET_KEY = env.text("SECRET_KEY", required=PRODUCTION) or secrets.token_urlsafe(50)
DATA_DIR = Path(env.text("DATA_DIR", str(BASE_DIR / "var")))

INSTALLED_APPS = [
    "config",
    "rehab",
    "patients",
    "exercises",
    "allauth",
    "allauth.account",
    "allauth.headless",
    "allauth.mfa",
    "rest_framework",
    "drf_spectacular",
    "django_htmx",
    "csp",
    "django_linear_migrations",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
FIRST_PARTY_APPS = ["patients", "exercises", "rehab"]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "config.short_way.ShortWay",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.page_policy.PagePolicy",
    "config.short_way.WayEnd",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
            ],
        },
    }
]

# Moments are UTC; only rehab.domain.recurrence knows local time, and only from the pinned wheel:
# a machine's own zones may be of another version, and every process must name the same moment.
zoneinfo.reset_tzpath(())
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = env.choice("LANGUAGE", ("zh-hans", "en"), "zh-hans")
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]

STATIC_URL = "static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(DATA_DIR / "static")))
_STATIC_STORAGE = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
    if ENVIRONMENT == "test"
    else "whitenoise.storage.CompressedManifestStaticFilesStorage"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _STATIC_STORAGE},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# The test server finds static files in the apps; nothing is collected first.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = ENVIRONMENT == "test"
