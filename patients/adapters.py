"""How django-allauth meets our accounts: no sign-up, and a phone number signs in as well."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from patients.domain.addresses import phone_number
from patients.models import User


class TypedPhoneField(forms.CharField):
    """A phone number as people type it, with blanks and brackets."""

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        return AccountAdapter().clean_phone(text) if text else text


class AccountAdapter(DefaultAccountAdapter):
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("This address or this password is not right."),
        "email_password_mismatch": _("This address or this password is not right."),
        "phone_password_mismatch": _("This address or this password is not right."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """An account begins with an invitation, never with a form."""
        return False

    def clean_phone(self, phone: str) -> str:
        try:
            return phone_number(phone)
        except ValueError:
            raise ValidationError(_("Enter a phone number with its country code.")) from None

    def phone_form_field(self, **kwargs: Any) -> forms.Field:
        return TypedPhoneField(max_length=40, **kwargs)

    def get_user_by_phone(self, phone: str) -> User | None:
        try:
            return User.objects.filter(phone=phone_number(phone)).first()
        except ValueError:
            return None

    def get_phone(self, user: User) -> tuple[str, bool] | None:
        """The number and that it is proven: the clinic invited it, no code is sent at sign-in."""
        return (user.phone, True) if user.phone else None

    def set_phone(self, user: User, phone: str, verified: bool) -> None:
        user.phone = phone_number(phone)
        user.save(update_fields=["phone"])

    def set_phone_verified(self, user: User, phone: str) -> None:
        self.set_phone(user, phone, True)

    def send_verification_code_sms(self, user: User, phone: str, code: str, **kwargs: Any) -> None:
        """Numbers are proven by invitation, so allauth never has a code to send."""
        raise NotImplementedError("phone numbers are proven by invitation")

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Show the pages in the account's language from here on."""
        response = super().post_login(request, user, **kwargs)
        speak(response, user.language)
        return response


def speak(response: HttpResponse, language: str) -> None:
    """Keep the account's language in the browser, where the pages look for it."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language.lower(),
        max_age=365 * 24 * 60 * 60,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )
