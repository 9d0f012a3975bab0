"""Small checks of typed values that several actions share. Each raises `Invalid` with its field."""

from collections.abc import Iterable
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from patients.domain.addresses import email_address, phone_number
from patients.domain.errors import Invalid
from patients.domain.roles import ALL_SCOPES
from patients.models.user import LANGUAGES

_ZONES = frozenset(available_timezones())
_LANGUAGES = frozenset(code for code, _name in LANGUAGES)


def sound_zone(zone: str, *, field: str = "zone") -> str:
    if zone not in _ZONES:
        raise Invalid("Enter a time zone like Asia/Shanghai.", field=field, code="unknown_zone")
    return zone


def sound_language(language: str) -> str:
    if language not in _LANGUAGES:
        raise Invalid("Choose zh-Hans or en.", field="language", code="unknown_language")
    return language


def sound_name(name: str, *, field: str = "name") -> str:
    if not name.strip():
        raise Invalid("Enter a name.", field=field, code="blank")
    return name.strip()


def sound_email(text: str, *, field: str = "email") -> str:
    address = email_address(text)
    try:
        validate_email(address)
    except ValidationError:
        raise Invalid("Enter an e-mail address.", field=field, code="not_an_email") from None
    return address


def sound_phone(text: str, *, field: str = "phone") -> str:
    try:
        return phone_number(text)
    except ValueError:
        raise Invalid(
            "Enter a phone number with its country code.", field=field, code="not_a_phone"
        ) from None


def sound_scopes(scopes: Iterable[str]) -> list[str]:
    chosen = sorted(set(scopes))
    if not chosen or not ALL_SCOPES.issuperset(chosen):
        raise Invalid("Choose at least one of the rights.", field="scopes", code="unknown_scope")
    return chosen
