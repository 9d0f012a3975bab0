"""A clinician's page about one patient: what asks for attention, and how it goes."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from patients.access.decisions import Decision, decide
from patients.domain.errors import DomainError, NotVisible
from patients.models import User
from patients.models.authority import authority_of
from rehab.actions.acknowledging import ANSWERED_AT_HOME, acknowledge_flag
from rehab.actions.up_to_now import progress_up_to_now
from rehab.domain.recurrence import local_date, week_of
from rehab.models import LogStatus, SafetyFlag
from rehab.models.reads.care_notes import NoteText, note_texts
from rehab.models.reads.flags import FlagView, levels_before, unseen_of_a_kind
from rehab.models.reads.history import HistoryPage, history_of
from rehab.models.reads.plans import plan_detail, plans_of
from rehab.models.reads.profile import profile_in_force
from rehab.models.reads.windows import in_view_of
from rehab.web.doors import go, page, show
from rehab.web.forms.refusals import said
from rehab.web.presenters import clock
from rehab.web.presenters.patient import PatientPage, patient_page
from rehab.web.presenters.tabs import tabs_for
from rehab.web.today import new_notes
from rehab.web.viewing import Viewer, language_now, view_patient

WEEKS = 6


@page("GET", "HEAD")
def patient(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    viewer = view_patient(request, patient_id, looked_at="overview")
    if not viewer.authority.practises_in(viewer.patient.clinic_id, viewer.now):
        return HttpResponseRedirect(reverse("rehab:today", args=[patient_id]))
    context = {
        "viewer": viewer,
        "tabs": tabs_for(viewer, "patient"),
        "page": _page(viewer),
        "new_notes": new_notes(viewer),
        "texts": _texts(viewer),
        "access_ends": _access_ends(viewer),
    }
    return show(request, "rehab/patient.html", context)


@page("POST")
def acknowledge(request: HttpRequest, flag_id: UUID) -> HttpResponse:
    """Say that a flag was seen, or that all is well; its next messages are cancelled."""
    user: User = request.user  # type: ignore[assignment]
    now = timezone.now()
    flag = (
        SafetyFlag.objects.visible_to(user, scope="receive_alerts", at=now)
        .filter(pk=flag_id)
        .first()
    )
    if flag is None:
        raise NotVisible
    try:
        acknowledge_flag(by=user, at=now, flag_id=flag_id, note=_answer(request, flag))
        messages.success(
            request,
            _("Thank you. Your clinic sees your answer.")
            if flag.rule in ANSWERED_AT_HOME
            else _("Noted: you have seen it."),
        )
    except DomainError as error:
        if error.status in (403, 404):
            raise
        messages.warning(request, said(error))
    # Who answered on duty sees this patient no longer: the answer was what it was opened for.
    left = decide(authority_of(user, at=now), flag.patient_id, "see_patient", now)
    if left is Decision.HIDDEN:
        return go(request, reverse("rehab:caseload"))
    return go(request, reverse("rehab:patient", args=[flag.patient_id]))


def _answer(request: HttpRequest, flag: SafetyFlag) -> str:
    """What was typed, after the text of the clinic that was chosen to begin it."""
    typed, wanted = request.POST.get("note", "").strip(), request.POST.get("begin", "")
    texts = note_texts(flag.clinic_id, language=language_now()) if wanted else []
    begin = next((each.text for each in texts if each.id == wanted), "")
    return f"{begin}\n{typed}".strip()


def _texts(viewer: Viewer) -> list[NoteText]:
    if not viewer.is_clinician:
        return []
    return note_texts(viewer.patient.clinic_id, language=viewer.language)


def _page(viewer: Viewer) -> PatientPage:
    patient_id, language = viewer.patient.pk, viewer.language
    today = local_date(viewer.now, viewer.patient.zone)
    plan = plans_of(patient_id).filter(status__in=["active", "on-hold"]).first()
    flags = _unseen(viewer)
    return patient_page(
        viewer,
        flags=flags,
        rose=levels_before([flag for flag, _many in flags]),
        progress=progress_up_to_now(
            patient_id,
            first=week_of(today) - timedelta(weeks=WEEKS - 1),
            last=today,
            now=viewer.now,
            language=language,
        ),
        history=history_of(
            patient_id,
            language=language,
            reader=viewer.reader,
            limit=6,
        ),
        plan=plan_detail(plan) if plan else None,
        profile=profile_in_force(patient_id) if viewer.may("see_conditions") else None,
        held_back=_held_back(viewer),
        in_view=in_view_of(
            [patient_id],
            with_conditions=[patient_id] if viewer.may("see_conditions") else [],
            now=viewer.now,
        )[patient_id],
    )


def _access_ends(viewer: Viewer) -> str:
    """When this record closes to a clinician who opened it for a time; "" for all others."""
    ends = [
        relation.ended_at
        for relation in viewer.authority.relations_to(viewer.patient.pk)
        if viewer.authority.covers(relation, viewer.now)
    ]
    last = max((end for end in ends if end is not None), default=None)
    return clock.moment(last, viewer.patient.zone) if last and None not in ends else ""


def _unseen(viewer: Viewer) -> list[tuple[FlagView, int]]:
    if not viewer.may("receive_alerts"):
        return []
    return unseen_of_a_kind(
        viewer.patient.pk,
        language=viewer.language,
        sees_conditions=viewer.may("see_conditions"),
    )


def _held_back(viewer: Viewer) -> HistoryPage | None:
    """What waits for a coordinator: records whose writer had no access at that time."""
    if not viewer.may("adopt"):
        return None
    return history_of(
        viewer.patient.pk,
        language=viewer.language,
        reader=viewer.reader,
        statuses=[LogStatus.QUARANTINED],
    )
