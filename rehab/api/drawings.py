"""The line drawing of an exercise, for one patient: it ends where their plan ends."""

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema

from exercises import pictures
from patients.domain.errors import Invalid, NotVisible
from rehab.api.asking import SignedIn
from rehab.api.content import reading
from rehab.api.documents import LANG
from rehab.api.hot import HotView
from rehab.models.reads.content_lists import exercise_item
from rehab.models.reads.planned import PlannedPart, parts_in_plan

SVG = "image/svg+xml"
# Opened by itself, a drawing carries its colours and may do nothing.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
SIDES: tuple[pictures.Side, ...] = ("left", "right")


class ExerciseDrawing(HotView):
    @extend_schema(
        operation_id="patient_exercise_drawing",
        parameters=[
            OpenApiParameter("side", OpenApiTypes.STR, enum=SIDES, description="`left`: mirrored."),
            LANG,
        ],
        responses={(200, SVG): OpenApiTypes.STR},
        tags=["content"],
    )
    def get(self, request: SignedIn, patient_id: UUID, slug: str) -> HttpResponse:
        """The drawing of an exercise that is fit; a planned one ends at the plan's maximum."""
        wanted = request.GET.get("side", "")
        if wanted and wanted not in SIDES:
            raise Invalid("Choose left or right.", field="side", code="not_a_choice")
        with reading(request, patient_id, kind="exercises") as reader:
            card = exercise_item(reader, slug).card
            planned = [each for each in parts_in_plan(patient_id) if each.exercise == slug]
        if card.withheld:
            raise NotVisible
        side = wanted or next((each.side for each in planned if each.side in SIDES), "right")
        shown = pictures.drawn_for(
            modality=card.modality, motion=card.motion, muscles=[card.muscle]
        )
        if not shown:
            raise NotVisible
        drawn = pictures.drawing(
            **shown[0],
            side="left" if side == "left" else "right",
            end_degrees=_end(planned, side) if card.motion else None,
            language=reader.language,
            standalone=True,
        )
        kept = {"Cache-Control": "private, no-store", "Content-Security-Policy": POLICY}
        return HttpResponse(drawn, content_type=SVG, headers=kept)


def _end(planned: Sequence[PlannedPart], side: str) -> float | None:
    """The least maximum of the plan for this side; None where no plan sets one."""
    ends = [
        each.end_degrees
        for each in planned
        if each.end_degrees is not None and each.side in (side, "both", "none")
    ]
    return min(ends, default=None)
