"""The plan that every patient of the benchmark has, and the sessions that belong to it.

Seven sessions a day: passive movement of three places and a stimulated muscle. The walk through
days and slots is fixed, so that two runs of the benchmark send the same sessions.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from rehab.domain.identity import occurrence_id
from rehab.domain.plan_draft import ItemDraft, PartDraft
from rehab.domain.recurrence import instant, local_date
from tests.plans import weekly

ZONE = "Asia/Shanghai"
DAY = timedelta(days=1)
# More sessions of one slot and day than one are extra ones, well apart from each other.
APART = timedelta(minutes=37)


@dataclass(frozen=True, slots=True)
class Slot:
    """One clock time of one item, with the parts that a session of it names."""

    series: UUID
    parts: tuple[UUID, ...]
    slot: str
    at: str
    measures: dict[str, float]
    whole: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Programme:
    items: tuple[ItemDraft, ...]

    @property
    def slots(self) -> list[Slot]:
        return [slot for item in self.items for slot in _slots(item)]

    def sessions(self, last: date, *, days: int) -> Iterator[dict[str, Any]]:
        """Yield session bodies over the days before `last`: each slot once, then extra ones.

        Every other one is a two-tap log; the others say what each part got and how much it hurt.
        """
        round_ = number = 0
        while True:
            for back in range(days, 0, -1):
                for slot in self.slots:
                    on = last - back * DAY
                    yield _session(slot, on, round_, detailed=bool(number % 2))
                    number += 1
            round_ += 1


def make_programme() -> Programme:
    return Programme(
        (
            _passive(("elbow-flexion", "wrist-extension"), "08:00", "12:00", "17:00"),
            _passive(("hip-flexion", "knee-flexion"), "09:00", "18:00"),
            _passive(("ankle-dorsiflexion",), "10:00"),
            _stimulated("15:00"),
        )
    )


def today(at: datetime) -> date:
    return local_date(at, ZONE)


def _passive(motions: tuple[str, ...], *times: str) -> ItemDraft:
    dose = {"repetitions": 10, "hold_seconds": 5}
    return ItemDraft(
        exercise=f"prom-{motions[0]}",
        series=uuid4(),
        schedule=weekly(*times),
        parts=tuple(
            PartDraft(part=uuid4(), exercise=f"prom-{motion}", side="left", dose=dose)
            for motion in motions
        ),
    )


def _stimulated(*times: str) -> ItemDraft:
    dose = {"pulse_width_us": 300, "frequency_hz": 40, "amplitude_ma": 60, "minutes": 30}
    part = PartDraft(
        part=uuid4(),
        exercise="fes-quadriceps",
        muscle="quadriceps",
        channel=1,
        side="left",
        dose=dose,
        maximum={"amplitude_ma": 80},
    )
    return ItemDraft(
        exercise="fes-quadriceps", series=uuid4(), schedule=weekly(*times), parts=(part,)
    )


def _slots(item: ItemDraft) -> Iterator[Slot]:
    stimulated = item.exercise.startswith("fes")
    for slot in item.schedule["slots"]:
        yield Slot(
            series=item.series,
            parts=tuple(part.part for part in item.parts),
            slot=slot["id"],
            at=slot["at"],
            measures={"amplitude_ma": 60, "minutes": 30} if stimulated else {"repetitions": 10},
            whole={"skin_before": "looked_fine", "skin_after": "looked_fine"} if stimulated else {},
        )


def _session(slot: Slot, on: date, round_: int, *, detailed: bool) -> dict[str, Any]:
    due = instant(on, datetime.strptime(slot.at, "%H:%M").time(), ZONE)  # noqa: DTZ007
    body: dict[str, Any] = {
        "performed_at": (due + timedelta(minutes=7) + round_ * APART).isoformat(),
        "zone": ZONE,
        "series": str(slot.series),
        **slot.whole,
    }
    if round_ == 0:
        body["occurrence"] = str(occurrence_id(slot.series, 1, on, slot.slot))
    if detailed:
        body["parts"] = [
            {"part": str(part), "outcome": "done", "pain": 2, "measures": slot.measures}
            for part in slot.parts
        ]
    else:
        body["as_planned"] = True
    return body
