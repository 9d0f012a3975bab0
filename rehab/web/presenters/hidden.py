"""What is hidden for a patient and why, in one calm line."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from rehab.models.reads.content import HiddenForPatient
from rehab.models.reads.content_words import reason_label
from rehab.web.viewing import Viewer


@dataclass(frozen=True, slots=True)
class HiddenPage:
    why: str
    back_url: str
    back_label: str


def hidden_page(error: HiddenForPatient, viewer: Viewer, current: str) -> HiddenPage:
    reasons = error.members.get("reasons", ())
    labels = [reason_label(reason, viewer.language) for reason in reasons]
    back = {"learn": _("Learn"), "eat": _("Eat")}[current]
    return HiddenPage(
        why=_(", ").join(labels),
        back_url=reverse(f"rehab:{current}", args=[viewer.patient.pk]),
        back_label=back,
    )
