"""What every view of the programme asks first: who, may they, in which language, which days."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from uuid import UUID

from django.utils import translation
from rest_framework.request import Request

from patients.access.authority import Authority
from patients.access.decisions import decide, require
from patients.access.walls import within_clinics
from patients.actions.audit import record_read
from patients.domain.errors import Invalid
from patients.models.authority import authority_of
from patients.models.user import User


class SignedIn(Request):
    """The request of a call that let nobody in signed out; it only tells the type of `user`."""

    user: User


LANGUAGES = {"zh-hans": "zh-Hans", "en": "en"}


@contextmanager
def seeing(
    request: SignedIn, patient_id: UUID, *, at: datetime, kind: str, scope: str = "see_sessions"
) -> Iterator[Authority]:
    """Read about one patient inside the wall: 404 what is not visible, 403 what is not allowed.

    Three statements: the wall, the authority, and the note that somebody looked (once in ten
    minutes).
    """
    with within_clinics(request.user.clinic_ids):
        authority = authority_of(request.user, at=at, patient_id=patient_id)
        require(decide(authority, patient_id, scope, at))
        note_reading(request, authority, at=at, kind=kind)
        yield authority


def note_reading(request: SignedIn, authority: Authority, *, at: datetime, kind: str) -> None:
    """Note that somebody looked at the patient whom an authority was asked about."""
    subject = authority.subject
    if subject is None:  # nobody is allowed anything for a patient who is not there
        return
    record_read(
        by=request.user.id,
        patient_id=subject.patient_id,
        clinic_id=subject.clinic_id,
        kind=f"read.{kind}",
        at=at,
    )


def speak(request: Request) -> None:
    """Answer in the language that `?lang=` names, else in the one of Accept-Language.

    Whoever asks for another Chinese gets the one there is; Content-Language says so.
    """
    wanted = request.GET.get("lang", "").lower()
    wanted = "zh-hans" if wanted.startswith("zh") else wanted
    if wanted in LANGUAGES:
        translation.activate(wanted)


def language_of(request: Request) -> str:
    """Return the language of this answer: zh-Hans or en."""
    speak(request)
    return LANGUAGES.get((translation.get_language() or "").lower(), "zh-Hans")


def date_in(request: SignedIn, name: str) -> date | None:
    """Read a date of the address; Invalid names the parameter."""
    text = request.GET.get(name)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid("A date such as 2026-10-19.", field=name, code="not_a_date") from None


def days_in(request: SignedIn, *, first: date, last: date, most: int) -> tuple[date, date]:
    """Read `from` and `to`, both included; Invalid when they are swapped or too far apart."""
    begins, ends = date_in(request, "from") or first, date_in(request, "to") or last
    if ends < begins:
        raise Invalid("This is before the first day.", field="to", code="before_from")
    if (ends - begins).days >= most:
        raise Invalid(
            "Ask for %(most)s days at most.",
            field="to",
            code="too_many_days",
            params={"most": most},
        )
    return begins, ends


def id_in(request: SignedIn, name: str) -> UUID | None:
    """Read an id of the address; Invalid names the parameter."""
    text = request.GET.get(name)
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Invalid("An id is a UUID.", field=name, code="not_an_id") from None


def limit_in(request: SignedIn, *, usual: int, most: int) -> int:
    """Read how many rows a page has."""
    text = request.GET.get("limit")
    if not text:
        return usual
    if not text.isdecimal() or not 1 <= int(text) <= most:
        raise Invalid(
            "A whole number from 1 to %(most)s.",
            field="limit",
            code="out_of_range",
            params={"most": most},
        )
    return int(text)


def page_address(request: SignedIn, cursor: str | None) -> str | None:
    """Return the address of another page of this list."""
    if cursor is None:
        return None
    asked = request.GET.copy()
    asked["cursor"] = cursor
    return request.build_absolute_uri(f"{request.path}?{asked.urlencode()}")
