"""The items of a patient's plans over some days, in all their wordings, in one statement."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import msgspec

from patients.models.prepared import Prepared

DAY = timedelta(days=1)


Amount = float | int | str | bool | None


class WordedPart(msgspec.Struct, frozen=True, kw_only=True):
    """dose, maximum: dose-field code -> number, in the unit that the code names."""

    part: UUID
    motion: str
    muscle: str
    side: str
    dose: dict[str, Amount]
    maximum: dict[str, Amount]


class Wording(msgspec.Struct, frozen=True, kw_only=True):
    """An item in one version, in force in [effective_at, ended_at).

    note: what was written when the version was made; by: who made it. stored_until: how far what
    it makes due is stored, while its plan runs and can be computed.
    """

    version: int
    effective_at: datetime
    ended_at: datetime | None
    kind: str
    modality: str
    exercise: str
    title: dict[str, str]
    zone: str
    note: str
    by: str
    target: dict[str, Amount]
    maximum: dict[str, Amount]
    parts: list[WordedPart]
    stored_until: datetime | None = None


class ProgrammeItem(msgspec.Struct, frozen=True, kw_only=True):
    """One item over its versions, oldest first."""

    series: UUID
    last_performed_at: datetime | None
    versions: list[Wording]


_decode = msgspec.json.Decoder(list[ProgrammeItem]).decode

_ITEMS = Prepared(
    "rehab_programme",
    """
WITH asked AS (
  SELECT i.series, min(i.position) AS position
  FROM rehab_planitem i JOIN rehab_planversion v ON v.id = i.version_id
  WHERE i.patient_id = %(patient)s::uuid AND v.effective_at < %(until)s::timestamptz
    AND (v.ended_at IS NULL OR v.ended_at > %(since)s::timestamptz)
  GROUP BY i.series
)
SELECT COALESCE(json_agg(json_build_object('series', s.series,
  'last_performed_at', (SELECT d.last_performed_at FROM rehab_itemday d
    WHERE d.patient_id = %(patient)s::uuid AND d.series = s.series
      AND d.last_performed_at IS NOT NULL
    ORDER BY d."on" DESC, d.last_performed_at DESC LIMIT 1),
  'versions', (SELECT json_agg(json_build_object('version', v.number,
      'effective_at', v.effective_at, 'ended_at', v.ended_at, 'kind', i.kind,
      'modality', i.modality, 'exercise', x.slug,
      'title', COALESCE(NULLIF(i.title, '{}'::jsonb), x.names), 'zone', i.zone,
      'note', v.note, 'by', COALESCE(u.name, ''), 'target', i.target, 'maximum', i.maximum,
      'stored_until', (SELECT p.materialised_until FROM rehab_plan p WHERE p.id = v.plan_id
        AND v.ended_at IS NULL AND p.status IN ('active', 'on-hold')
        AND p.uncomputed_since IS NULL),
      'parts', COALESCE((SELECT json_agg(json_build_object('part', t.part, 'motion', t.motion,
          'muscle', t.muscle, 'side', t.side, 'dose', t.dose, 'maximum', t.maximum)
          ORDER BY t.position)
        FROM rehab_planpart t WHERE t.item_id = i.id), '[]'))
      ORDER BY v.effective_at, v.number)
    FROM rehab_planitem i
    JOIN rehab_planversion v ON v.id = i.version_id
    JOIN exercises_exercise x ON x.id = i.exercise_id
    LEFT JOIN patients_user u ON u.id = v.created_by_id
    WHERE i.patient_id = %(patient)s::uuid AND i.series = s.series AND v.effective_at IS NOT NULL))
  ORDER BY s.position, s.series), '[]')::text
FROM asked s
""",
)


def programme_items(patient_id: UUID, *, first: date, last: date) -> dict[UUID, ProgrammeItem]:
    """Return the items in force on any of these days, by series, in the order of the plan."""
    arguments: dict[str, Any] = {
        "patient": patient_id,
        "since": datetime.combine(first - DAY, time.min, tzinfo=UTC),
        "until": datetime.combine(last + 2 * DAY, time.min, tzinfo=UTC),
    }
    found = _decode(str(_ITEMS.fetchall(arguments)[0][0]))
    return {item.series: item for item in found}
