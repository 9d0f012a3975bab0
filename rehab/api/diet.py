"""The diet log and what is taken. Targets stand beside it; nothing is held against them here."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema

from patients.models import Patient
from rehab.actions.answers import RaisedFlag
from rehab.actions.diet import KeptDiet, amend_diet, log_diet, retract_diet
from rehab.actions.substances import (
    KeptSubstance,
    amend_substance,
    record_substance,
    retract_substance,
)
from rehab.api.asking import SignedIn, days_in, language_of, limit_in, page_address, seeing
from rehab.api.documents import CURSOR, FROM, LANG, LIMIT, TO
from rehab.api.hot import HotView, answer, decoded
from rehab.api.records import WhyBody, record_answer
from rehab.domain.diet import Caution, DietEntry, TakenEntry
from rehab.domain.recurrence import local_date
from rehab.models.reads.cursors import InTime, place_in
from rehab.models.reads.diet import (
    LARGEST_PAGE,
    PAGE,
    DietLogDetail,
    DietPage,
    diet_log_of,
    diet_of,
)
from rehab.models.reads.substances import TakenPage, substances_of

DAYS, MOST_DAYS = 14, 92


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDietLog(DietEntry):
    """id: made by the client, the same at every try."""

    id: UUID

    def entry(self) -> DietEntry:
        return DietEntry(**{name: getattr(self, name) for name in DietEntry.__slots__})


@dataclass(frozen=True, slots=True, kw_only=True)
class DietCorrection:
    entry: DietEntry
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSubstance(TakenEntry):
    """id: made by the client, the same at every try."""

    id: UUID

    def entry(self) -> TakenEntry:
        return TakenEntry(**{name: getattr(self, name) for name in TakenEntry.__slots__})


@dataclass(frozen=True, slots=True, kw_only=True)
class SubstanceCorrection:
    entry: TakenEntry
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EatenAnswer:
    """state: as of any record. cautions: what there is to know about what was eaten or taken; it

    happened and nothing was refused. flags: show their text at once.
    """

    id: UUID
    state: str
    flags: Sequence[RaisedFlag]
    cautions: Sequence[Caution]


class DietLogs(HotView):
    @extend_schema(
        operation_id="diet_logs",
        parameters=[FROM, TO, CURSOR, LIMIT, LANG],
        responses=DietPage,
        tags=["diet"],
    )
    def get(self, request: SignedIn, patient_id: UUID) -> HttpResponse:
        """What was eaten, the latest first (scope `see_diet`); sums and weights for `from`-`to`.

        The targets that a person set stand beside it. Nothing is computed from them.
        """
        at, cursor, language = timezone.now(), request.GET.get("cursor"), language_of(request)
        after = place_in(cursor, InTime) if cursor else None
        limit = limit_in(request, usual=PAGE, most=LARGEST_PAGE)
        with seeing(request, patient_id, at=at, kind="diet_logs", scope="see_diet"):
            zone = Patient.objects.values_list("zone", flat=True).get(pk=patient_id)
            today = local_date(at, zone)
            first, last = days_in(
                request, first=today - timedelta(days=DAYS - 1), last=today, most=MOST_DAYS
            )
            page = diet_of(
                patient_id, first=first, last=last, language=language, after=after, limit=limit
            )
        return answer(replace(page, next=page_address(request, page.next)))

    @extend_schema(
        operation_id="log_diet",
        request=NewDietLog,
        responses={200: EatenAnswer, 201: EatenAnswer},
        tags=["diet"],
    )
    def post(self, request: SignedIn, patient_id: UUID) -> HttpResponse:
        """Record what was eaten, drunk or weighed, under the caller's own id.

        201 new, 200 the same again, 409 the id was used for another body, 422 a value that cannot
        be or (`confirm_required`) one that must be confirmed. Red flags are judged first.
        """
        sent = decoded(request.body, NewDietLog)
        reply = log_diet(
            by=request.user,
            at=timezone.now(),
            patient_id=patient_id,
            log_id=sent.id,
            entry=sent.entry(),
        )
        return _eaten(reply)


class OneDietLog(HotView):
    @extend_schema(
        operation_id="diet_log", parameters=[LANG], responses=DietLogDetail, tags=["diet"]
    )
    def get(self, request: SignedIn, patient_id: UUID, diet_log_id: UUID) -> HttpResponse:
        """One entry as it now stands, with every version before."""
        at, language = timezone.now(), language_of(request)
        with seeing(request, patient_id, at=at, kind="diet_log", scope="see_diet"):
            return answer(diet_log_of(patient_id, diet_log_id, language=language))


class AmendDietLog(HotView):
    @extend_schema(
        operation_id="amend_diet_log",
        request=DietCorrection,
        responses=EatenAnswer,
        tags=["diet"],
    )
    def post(self, request: SignedIn, patient_id: UUID, diet_log_id: UUID) -> HttpResponse:
        """Put another version in place; the earlier one stays readable."""
        body = decoded(request.body, DietCorrection)
        reply = amend_diet(
            by=request.user,
            at=timezone.now(),
            patient_id=patient_id,
            log_id=diet_log_id,
            entry=body.entry,
            reason=body.reason,
        )
        return _eaten(reply)


class RetractDietLog(HotView):
    @extend_schema(
        operation_id="retract_diet_log",
        request=WhyBody,
        responses=EatenAnswer,
        tags=["diet"],
    )
    def post(self, request: SignedIn, patient_id: UUID, diet_log_id: UUID) -> HttpResponse:
        """Mark it as entered in error: it counts in no sum."""
        reply = retract_diet(
            by=request.user,
            at=timezone.now(),
            patient_id=patient_id,
            log_id=diet_log_id,
            reason=decoded(request.body, WhyBody).reason,
        )
        return _eaten(reply)


class Substances(HotView):
    @extend_schema(operation_id="substances", parameters=[LANG], responses=TakenPage, tags=["diet"])
    def get(self, request: SignedIn, patient_id: UUID) -> HttpResponse:
        """Drugs, herbs and supplements that are taken, with notices (scope `see_conditions`).

        Recorded, never recommended.
        """
        at, language = timezone.now(), language_of(request)
        with seeing(request, patient_id, at=at, kind="substances", scope="see_conditions"):
            return answer(substances_of(patient_id, language=language))

    @extend_schema(
        operation_id="record_substance",
        request=NewSubstance,
        responses={200: EatenAnswer, 201: EatenAnswer},
        tags=["diet"],
    )
    def post(self, request: SignedIn, patient_id: UUID) -> HttpResponse:
        """Record that something is taken, under the caller's own id; sending it again is safe."""
        sent = decoded(request.body, NewSubstance)
        reply = record_substance(
            by=request.user,
            at=timezone.now(),
            patient_id=patient_id,
            substance_id=sent.id,
            entry=sent.entry(),
        )
        return _eaten(reply)


class AmendSubstance(HotView):
    @extend_schema(
        operation_id="amend_substance",
        request=SubstanceCorrection,
        responses=EatenAnswer,
        tags=["diet"],
    )
    def post(self, request: SignedIn, patient_id: UUID, substance_id: UUID) -> HttpResponse:
        """Correct a record, or say with `until` when the thing was last taken."""
        body = decoded(request.body, SubstanceCorrection)
        reply = amend_substance(
            by=request.user,
            at=timezone.now(),
            patient_id=patient_id,
            substance_id=substance_id,
            entry=body.entry,
            reason=body.reason,
        )
        return _eaten(reply)


class RetractSubstance(HotView):
    @extend_schema(
        operation_id="retract_substance",
        request=WhyBody,
        responses=EatenAnswer,
        tags=["diet"],
    )
    def post(self, request: SignedIn, patient_id: UUID, substance_id: UUID) -> HttpResponse:
        """Mark a record as entered in error."""
        reply = retract_substance(
            by=request.user,
            at=timezone.now(),
            patient_id=patient_id,
            substance_id=substance_id,
            reason=decoded(request.body, WhyBody).reason,
        )
        return _eaten(reply)


def _eaten(reply: KeptDiet | KeptSubstance) -> HttpResponse:
    status, body = record_answer(reply.kept)
    return answer(
        EatenAnswer(id=body.id, state=body.state, flags=body.flags, cautions=reply.cautions),
        status,
    )
