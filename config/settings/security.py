"""What a browser is told, and what a deployment must prove."""

from urllib.parse import urlsplit

from config.settings.accounts import TRUSTED_PROXIES
from config.settings.base import ENVIRONMENT, PRODUCTION, SECRET_KEY
from config.settings.env import env

_LEAST_SECRET = 50

# The address people type. Links in messages begin with it.
PORT = env.integer("PORT", 8000, least=1, most=65535)
PUBLIC_URL = env.url("PUBLIC_URL", ("https", "http"), required=PRODUCTION)
PUBLIC_URL = (PUBLIC_URL or f"http://localhost:{PORT}").rstrip("/")
_HTTPS = PUBLIC_URL.startswith("https://")

ALLOWED_HOSTS = [urlsplit(PUBLIC_URL).hostname or "localhost", *env.listing("ALLOWED_HOSTS")]
if not PRODUCTION:
    ALLOWED_HOSTS += ["localhost", "127.0.0.1", "[::1]"]
if ENVIRONMENT == "test":
    ALLOWED_HOSTS += ["testserver"]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL, *env.listing("CSRF_TRUSTED_ORIGINS")]

if PRODUCTION:
    if len(SECRET_KEY) < _LEAST_SECRET or len(set(SECRET_KEY)) < 10:
        env.note("SECRET_KEY", f"is weak: at least {_LEAST_SECRET} characters, chosen at random")
    if not _HTTPS:
        env.note("PUBLIC_URL", "must begin with https:// in production")
    if env.flag("DEBUG", False):
        env.note("DEBUG", "must be off in production")

CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _HTTPS
SECURE_SSL_REDIRECT = _HTTPS
# Health is asked over plain HTTP, from inside.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if _HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

_SELF = ["'self'"]
_NONE = ["'none'"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": _SELF,
        "script-src": _SELF,
        "style-src": _SELF,
        "img-src": _SELF,
        "font-src": _SELF,
        "connect-src": _SELF,
        "form-action": _SELF,
        "manifest-src": _SELF,
        "worker-src": _SELF,
        "base-uri": _NONE,
        "object-src": _NONE,
        "frame-ancestors": _NONE,
    }
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
