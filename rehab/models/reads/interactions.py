"""What is said about the things that one person takes together. A notice, never advice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from exercises.models import Interaction
from rehab.domain.content_fit import fit_of
from rehab.models.reads.content_reader import body_facts

_MOST_SERIOUS_FIRST = {"avoid": 0, "ask_first": 1, "know": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """severity: avoid, ask_first or know. texts: the sentence in both languages."""

    code: str
    severity: str
    texts: Mapping[str, str]


def notices_about(patient_id: UUID) -> Sequence[Notice]:
    """Return the interactions between what a patient takes, for who may see diagnoses."""
    substances = fit_of(body_facts(patient_id)).substances
    if not substances:
        return []
    found = Interaction.objects.current().between(substances).in_order()
    notices = [Notice(code=row.pk, severity=row.severity, texts=row.names) for row in found]
    return sorted(notices, key=lambda each: _MOST_SERIOUS_FIRST[each.severity])
