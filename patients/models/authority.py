"""Reading what an account may rest on, in one statement."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from patients.access.authority import Authority, Post, Relation, Subject
from patients.models.prepared import Pen, Prepared
from patients.models.session import ACCOUNT, ACCOUNT_AS_JSON, AccountRow, Token
from patients.models.user import User

# Of one patient everything ever held is read, because what arrives late is judged by what was
# held then. For everybody at once only what still runs matters.
_OF_EVERYBODY = Prepared(
    "authority_of_everybody",
    """
SELECT 'own', id, clinic_id,
       NULL::text, NULL::text[], NULL::timestamptz, NULL::timestamptz, NULL::boolean
  FROM patients_patient WHERE user_id = %(user)s::uuid
UNION ALL
SELECT 'relation', patient_id, clinic_id, role, scopes, starts_at, ended_at, NULL
  FROM patients_carerelationship
 WHERE user_id = %(user)s::uuid AND (ended_at IS NULL OR ended_at > %(at)s::timestamptz)
UNION ALL
SELECT 'post', NULL, clinic_id, NULL, NULL, starts_at, ended_at, is_coordinator
  FROM patients_practitioner
 WHERE user_id = %(user)s::uuid AND (ended_at IS NULL OR ended_at > %(at)s::timestamptz)
""",
)
_HELD_FOR_ONE = """
SELECT CASE WHEN user_id = %(user)s::uuid THEN 'own' ELSE 'subject' END,
       id, clinic_id,
       NULL::text, NULL::text[], NULL::timestamptz, NULL::timestamptz, NULL::boolean
  FROM patients_patient WHERE id = %(patient)s::uuid
UNION ALL
SELECT 'relation', patient_id, clinic_id, role, scopes, starts_at, ended_at, NULL
  FROM patients_carerelationship WHERE patient_id = %(patient)s::uuid AND user_id = %(user)s::uuid
UNION ALL
SELECT 'post', NULL, clinic_id, NULL, NULL, starts_at, ended_at, is_coordinator
  FROM patients_practitioner WHERE user_id = %(user)s::uuid
"""
_OF_ONE = Prepared("authority_of_one", _HELD_FOR_ONE)
HELD_AS_JSON = f"""(SELECT json_agg(json_build_array(h.kind, h.patient, h.clinic, h.role, h.scopes,
    h.starts_at, h.ended_at, h.coordinates))
  FROM ({_HELD_FOR_ONE})
    h(kind, patient, clinic, role, scopes, starts_at, ended_at, coordinates))"""
"""The same for a statement that asks more, with %(user)s and %(patient)s; see `authority_in`."""

# A row of them: kind, patient, clinic, role, scopes, from, until, coordinates.
Held = tuple[
    str, UUID | None, UUID, str | None, list[str] | None, datetime | None, datetime | None,
    bool | None,
]  # fmt: skip


class _Known(msgspec.Struct, frozen=True):
    account: AccountRow | None
    held: list[Held]


_OF_TOKEN = Prepared(
    "authority_of_token",
    f"""
WITH asks AS MATERIALIZED ({ACCOUNT})
SELECT json_build_object('account', (SELECT {ACCOUNT_AS_JSON} FROM asks),
  'held', COALESCE({HELD_AS_JSON}, '[]'))::text
""".replace("%(user)s::uuid", "(SELECT id FROM asks)"),
)
_decode = msgspec.json.Decoder(_Known).decode


def authority_behind(token: Token, patient_id: UUID) -> tuple[User, Authority]:
    """Return whose token it is and what they ever held for one patient; NotSignedIn.

    One trip, the first within a wall to come: it puts up the wall of the account too.
    """
    pen = Pen()
    token.add_wall(pen)
    rows = pen.ask(_OF_TOKEN, {**token.params, "patient": patient_id})
    known = _decode(str(rows[0][0]))
    user = token.user_of(known.account)
    return user, authority_in(user, patient_id, known.held)


def authority_in(user: User, patient_id: UUID, held: Iterable[Held]) -> Authority:
    """Return what an account ever held for one patient, from rows that another statement read."""
    return _read(user.pk, patient_id, held)


def authority_of(user: User, *, at: datetime, patient_id: UUID | None = None) -> Authority:
    """What an account holds at a moment: for everybody, or all it ever held for one patient.

    One statement. Must run inside the wall of the account's clinics, else it finds nothing.
    """
    statement = _OF_EVERYBODY if patient_id is None else _OF_ONE
    rows = statement.fetchall({"user": user.pk, "at": at, "patient": patient_id})
    return _read(user.pk, patient_id, rows)


def _read(user_id: UUID, patient_id: UUID | None, rows: Iterable[tuple[Any, ...]]) -> Authority:
    own: set[UUID] = set()
    relations: list[Relation] = []
    posts: list[Post] = []
    subject = None
    for kind, patient, clinic, role, scopes, starts_at, ended_at, is_coordinator in rows:
        if kind == "relation":
            relations.append(
                Relation(patient, clinic, role, frozenset(scopes), starts_at, ended_at)
            )
        elif kind == "post":
            posts.append(Post(clinic, is_coordinator, starts_at, ended_at))
        else:
            if kind == "own":
                own.add(patient)
            if patient_id is not None:
                subject = Subject(patient, clinic)
    return Authority(user_id, frozenset(own), tuple(relations), tuple(posts), subject)
