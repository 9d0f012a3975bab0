"""Who looked at what and who changed what."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from patients.access.walls import walled
from patients.actions import audit
from patients.actions.permission import require_for_patient
from patients.api.pages import LatestFirst, paged
from patients.models import AuditEvent


class AuditEventOut(serializers.Serializer):
    id = serializers.UUIDField()
    at = serializers.DateTimeField(
        help_text="Of a reading: the start of the ten minutes in which it happened."
    )
    actor = serializers.UUIDField(source="actor_id", allow_null=True)
    actor_name = serializers.CharField(source="actor.name", default="")
    kind = serializers.CharField(help_text='What happened, like "read.patient".')
    target_kind = serializers.CharField(allow_blank=True)
    target_id = serializers.UUIDField(allow_null=True)
    detail = serializers.DictField(help_text="Codes, ids and numbers.")


AuditEventPage = inline_serializer(
    "AuditEventPage",
    {
        "next": serializers.URLField(allow_null=True),
        "previous": serializers.URLField(allow_null=True),
        "results": AuditEventOut(many=True),
    },
)


class PatientAudit(APIView):
    @extend_schema(operation_id="patient_audit", responses=AuditEventPage, tags=["patients"])
    @walled
    def get(self, request: Request, patient_id: UUID) -> Response:
        """Latest first. The patient may always read it."""
        at = timezone.now()
        authority, patient = require_for_patient(
            by=request.user, at=at, patient_id=patient_id, action="read_audit"
        )
        audit.record_read(
            by=request.user.pk, patient_id=patient.pk, clinic_id=patient.clinic_id,
            kind="read.audit", at=at,
        )  # fmt: skip
        rows = AuditEvent.objects.visible_under(authority, at=at).filter(patient=patient)
        return paged(LatestFirst(), rows.select_related("actor"), request, self, _shown)


def _shown(page: Sequence[AuditEvent]) -> list[dict[str, Any]]:
    return AuditEventOut(page, many=True).data
