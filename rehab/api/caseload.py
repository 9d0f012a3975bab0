"""The clinician's list: whoever needs a person first."""

from dataclasses import replace

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from patients.access.decisions import patients_with
from patients.access.walls import walled
from patients.domain.errors import NotAllowed
from patients.models.authority import authority_of
from rehab.api.asking import SignedIn, limit_in, page_address
from rehab.api.documents import CURSOR, LIMIT
from rehab.api.plain import plain
from rehab.models.reads.caseload import Caseload, caseload_of
from rehab.models.reads.cursors import InOrder, place_in
from rehab.models.reads.windows import in_view_of


class CaseloadView(APIView):
    @extend_schema(
        operation_id="caseload", parameters=[CURSOR, LIMIT], responses=Caseload, tags=["safety"]
    )
    @walled
    def get(self, request: SignedIn) -> Response:
        """The patients of a clinician, and for a coordinator everybody in the clinic.

        Open flags by level and age come first, then weeks since an injury without a plan, then
        silence, then adherence that fell.
        """
        at, cursor = timezone.now(), request.GET.get("cursor")
        authority = authority_of(request.user, at=at)
        if not authority.clinics_of_posts(at):
            raise NotAllowed
        related = {each.patient_id for each in authority.relations}
        patients = {each for each in related if authority.is_clinician_of(each, at)}
        page = caseload_of(
            patient_ids=patients,
            clinic_ids=authority.coordinated_clinics(at),
            now=at,
            in_view=in_view_of(
                patients,
                with_conditions=patients & patients_with(authority, "see_conditions", at),
                now=at,
            ),
            after=place_in(cursor, InOrder) if cursor else None,
            limit=limit_in(request, usual=50, most=200),
        )
        shown = replace(
            page,
            next=page_address(request, page.next),
            previous=page_address(request, page.previous),
        )
        return Response(plain(shown))
