"""The sections of a clinic's content, and their links."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from patients.models import Clinic


@dataclass(frozen=True, slots=True)
class Section:
    url: str
    label: str
    is_current: bool


def content_sections(current: str, clinic: Clinic) -> list[Section]:
    sections = (
        ("sign-off", "rehab:content", _("To sign")),
        ("conflicts", "rehab:conflicts", _("Conflicts")),
        ("sources", "rehab:sources", _("Sources")),
    )
    of_clinic = urlencode({"clinic": clinic.pk})
    return [
        Section(f"{reverse(url)}?{of_clinic}", label, name == current)
        for name, url, label in sections
    ]
