"""Assessments: scores of instruments, what became of them, and what is due again."""

from dataclasses import dataclass, replace
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema

from patients.models import Patient
from rehab.actions.assessments import (
    amend_assessment,
    confirm_assessment,
    record_assessment,
    retract_assessment,
)
from rehab.api.asking import SignedIn, language_of, limit_in, page_address, seeing
from rehab.api.documents import CURSOR, LANG, LIMIT, in_query
from rehab.api.hot import HotView, answer, decoded
from rehab.api.records import RecordAnswer, WhyBody, record_answer
from rehab.domain.assessments import AssessmentEntry
from rehab.domain.recurrence import local_date
from rehab.models.reads.assessments import (
    LARGEST_PAGE,
    PAGE,
    AssessmentDetail,
    AssessmentPage,
    assessment_of,
    assessments_of,
)
from rehab.models.reads.cursors import InTime, place_in

INSTRUMENT = in_query("instrument", OpenApiTypes.STR, "Only this instrument.")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAssessment(AssessmentEntry):
    """id: made by the client, the same at every try."""

    id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentCorrection:
    entry: AssessmentEntry
    reason: str = ""


class Assessments(HotView):
    @extend_schema(
        operation_id="assessments",
        parameters=[CURSOR, LIMIT, INSTRUMENT, LANG],
        responses=AssessmentPage,
        tags=["assessments"],
    )
    def get(self, request: SignedIn, patient_id: UUID) -> HttpResponse:
        """Assessments, the latest first, and what is due again (scope `see_conditions`).

        Each result says what became of it since the last and since the first of its kind, held
        against the changes that studies call meaningful, and beyond which screening values it
        lies. Nothing of it is a diagnosis.
        """
        at, cursor, language = timezone.now(), request.GET.get("cursor"), language_of(request)
        after = place_in(cursor, InTime) if cursor else None
        limit = limit_in(request, usual=PAGE, most=LARGEST_PAGE)
        with seeing(request, patient_id, at=at, kind="assessments", scope="see_conditions"):
            zone = Patient.objects.values_list("zone", flat=True).get(pk=patient_id)
            page = assessments_of(
                patient_id,
                today=local_date(at, zone),
                language=language,
                instrument=request.GET.get("instrument", ""),
                after=after,
                limit=limit,
            )
        return answer(replace(page, next=page_address(request, page.next)))

    @extend_schema(
        operation_id="record_assessment",
        request=NewAssessment,
        responses={200: RecordAnswer, 201: RecordAnswer},
        tags=["assessments"],
    )
    def post(self, request: SignedIn, patient_id: UUID) -> HttpResponse:
        """Record what one instrument scored, under the caller's own id.

        201 new, 200 the same again, 409 the id was used for another body, 403 for an instrument
        that a clinician enters, 422 what the registry does not allow (`not_offered` says why) or
        (`confirm_required`) a value far from the one before.
        """
        sent = decoded(request.body, NewAssessment)
        reply = record_assessment(
            by=request.user,
            at=timezone.now(),
            patient_id=patient_id,
            assessment_id=sent.id,
            entry=_entry(sent),
        )
        status, body = record_answer(reply)
        return answer(body, status)


class OneAssessment(HotView):
    @extend_schema(
        operation_id="assessment",
        parameters=[LANG],
        responses=AssessmentDetail,
        tags=["assessments"],
    )
    def get(self, request: SignedIn, patient_id: UUID, assessment_id: UUID) -> HttpResponse:
        """One assessment as it now stands, with every version before."""
        at, language = timezone.now(), language_of(request)
        with seeing(request, patient_id, at=at, kind="assessment", scope="see_conditions"):
            return answer(assessment_of(patient_id, assessment_id, language=language))


class AmendAssessment(HotView):
    @extend_schema(
        operation_id="amend_assessment",
        request=AssessmentCorrection,
        responses=RecordAnswer,
        tags=["assessments"],
    )
    def post(self, request: SignedIn, patient_id: UUID, assessment_id: UUID) -> HttpResponse:
        """Put another version in place; the earlier one stays readable."""
        body = decoded(request.body, AssessmentCorrection)
        reply = amend_assessment(
            by=request.user,
            at=timezone.now(),
            patient_id=patient_id,
            assessment_id=assessment_id,
            entry=body.entry,
            reason=body.reason,
        )
        return answer(record_answer(reply)[1])


class RetractAssessment(HotView):
    @extend_schema(
        operation_id="retract_assessment",
        request=WhyBody,
        responses=RecordAnswer,
        tags=["assessments"],
    )
    def post(self, request: SignedIn, patient_id: UUID, assessment_id: UUID) -> HttpResponse:
        """Mark it as entered in error: nothing is compared with it any more."""
        reply = retract_assessment(
            by=request.user,
            at=timezone.now(),
            patient_id=patient_id,
            assessment_id=assessment_id,
            reason=decoded(request.body, WhyBody).reason,
        )
        return answer(record_answer(reply)[1])


class ConfirmAssessment(HotView):
    @extend_schema(
        operation_id="confirm_assessment",
        request=None,
        responses=RecordAnswer,
        tags=["assessments"],
    )
    def post(self, request: SignedIn, patient_id: UUID, assessment_id: UUID) -> HttpResponse:
        """Let one count that was told more than seven days late, as a clinician."""
        reply = confirm_assessment(
            by=request.user,
            at=timezone.now(),
            patient_id=patient_id,
            assessment_id=assessment_id,
        )
        return answer(record_answer(reply)[1])


def _entry(sent: NewAssessment) -> AssessmentEntry:
    return AssessmentEntry(
        instrument=sent.instrument,
        performed_at=sent.performed_at,
        zone=sent.zone,
        results=sent.results,
        assessed_by=sent.assessed_by,
        assessor_name=sent.assessor_name,
        note=sent.note,
        confirmed=sent.confirmed,
    )
