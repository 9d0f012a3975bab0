"""Who asks: a phone with its session token, or a browser with its cookie."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from patients.models import User
from patients.models.session import TOKEN_HEADER as HEADER
from patients.models.session import user_behind

CHALLENGE = 'X-Session-Token realm="api"'


class SessionTokenAuthentication(BaseAuthentication):
    """The token that `POST /_allauth/app/v1/auth/login` gave, in the header X-Session-Token.

    One statement, and no session is loaded or written. Naming a challenge makes DRF answer 401.
    """

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        token = request.headers.get(HEADER)
        if not token:
            return None
        user = user_behind(token, at=timezone.now())
        if user is None:
            raise AuthenticationFailed(_("Sign in again."))
        return user, None

    def authenticate_header(self, request: Request) -> str:
        return CHALLENGE


class SessionCookieAuthentication(SessionAuthentication):
    """The browser's session cookie, with CSRF protection."""

    def authenticate_header(self, request: Request) -> str:
        return CHALLENGE


class SessionTokenScheme(OpenApiAuthenticationExtension):
    target_class = SessionTokenAuthentication
    name = "sessionToken"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "apiKey", "in": "header", "name": HEADER}


class SessionCookieScheme(OpenApiAuthenticationExtension):
    target_class = SessionCookieAuthentication
    name = "sessionCookie"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
