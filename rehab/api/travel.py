"""The clock that goes with a patient who travels."""

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from patients.models import Patient
from rehab.actions.travel import change_zone, zone_of
from rehab.api.asking import SignedIn, seeing
from rehab.api.forms import Form
from rehab.models import ZoneChange

MOST_JOURNEYS = 50


class ZoneIn(Form):
    zone = serializers.CharField(max_length=64, help_text="IANA name, such as Asia/Tokyo.")
    confirmed = serializers.BooleanField(
        help_text="The patient has said on this device that they are there now."
    )


class ZoneChangeOut(serializers.Serializer):
    zone = serializers.CharField()
    effective_at = serializers.DateTimeField()


class ZoneOut(serializers.Serializer):
    zone = serializers.CharField(help_text="The clock that what follows the patient goes by.")
    home = serializers.CharField()
    changes = ZoneChangeOut(many=True, help_text="What the patient confirmed, the newest first.")


class Clock(APIView):
    @extend_schema(operation_id="clock", responses=ZoneOut, tags=["programme"])
    def get(self, request: SignedIn, patient_id: UUID) -> Response:
        """Which clock goes with the patient, the one at home, and the journeys so far."""
        with seeing(request, patient_id, at=timezone.now(), kind="clock"):
            return Response(ZoneOut(_clock(patient_id)).data)

    @extend_schema(
        operation_id="change_clock", request=ZoneIn, responses=ZoneOut, tags=["programme"]
    )
    def post(self, request: SignedIn, patient_id: UUID) -> Response:
        """Move what follows the patient to another zone: from the patient's own account only.

        Sessions to come keep their ids and get new times. What was reminded does not come again.
        """
        form = ZoneIn(data=request.data)
        form.is_valid(raise_exception=True)
        at = timezone.now()
        change_zone(by=request.user, at=at, patient_id=patient_id, **form.validated_data)
        with seeing(request, patient_id, at=at, kind="clock"):
            return Response(ZoneOut(_clock(patient_id)).data)


def _clock(patient_id: UUID) -> dict[str, object]:
    home = Patient.objects.values_list("zone", flat=True).get(pk=patient_id)
    changes = ZoneChange.objects.filter(patient_id=patient_id).order_by("-effective_at")
    return {
        "zone": zone_of(patient_id, home=home),
        "home": home,
        "changes": list(changes[:MOST_JOURNEYS]),
    }
