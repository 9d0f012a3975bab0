"""Playing calls beforehand, to keep what they send to the database and what they answer.

The calls of one patient are played in a transaction that is rolled back: each sees what those
before it wrote, as it does when all of it is sent again in the same order.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bench.statements import Sample, play

# What the service waits for: a trip ends with it.
_ASKS = ("EXECUTE authority_of_token", "EXECUTE rehab_brief")


@dataclass(frozen=True, slots=True)
class Played:
    """sent: the body of the request. trips: the statements, those of a trip joined."""

    sent: str
    trips: list[str]
    answer: str


def played(samples: Iterable[Sample]) -> Iterator[Played]:
    """Play the calls of one patient, one after the other."""
    with transaction.atomic():
        for sample in samples:
            with CaptureQueriesContext(connection) as captured:
                answer = play(lambda sample=sample: sample)
                with connection.cursor() as cursor:
                    cursor.execute("SELECT 1")  # what was left goes along
            sent = [text for trip in captured for text in trip["sql"].split(";\n")]
            written = [text for text in sent if text.startswith("EXECUTE ")]
            yield Played(sample[2].decode(), _trips(written), answer.content.decode())
        transaction.set_rollback(True)


def write_played(calls: Mapping[str, Sequence[Played]], path: Path) -> None:
    """Tell the server what to send, and what each connection says first, as the service does."""
    asked = connection.settings_dict["OPTIONS"]["options"].split("-c ")
    settings = [f"SET {each.strip()}" for each in asked if each.strip()]
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements ORDER BY name")
        prepared = [row[0] for row in cursor.fetchall()]
    kept = {name: [asdict(each) for each in some] for name, some in calls.items()}
    path.write_text(json.dumps({"first": [*settings, *prepared], **kept}))


def _trips(statements: Sequence[str]) -> list[str]:
    trips: list[list[str]] = [["BEGIN"]]
    for text in statements:
        trips[-1].append(text)
        if text.startswith(_ASKS):
            trips.append([])
    trips[-1].append("COMMIT")
    return [";\n".join(trip) for trip in trips]
