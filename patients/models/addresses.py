"""Where accounts can be reached, read in one flat statement for a whole batch."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from patients.models.prepared import Prepared, plain_array


class Address(NamedTuple):
    """A verified contact point in use. language: of its owner, such as zh-hans.

    secret: what a webhook's messages are signed with. no_reminders: its owner wants none there.
    """

    user_id: str
    id: str
    channel: str
    address: str
    secret: str
    no_reminders: bool
    language: str


# Where no reminders are wanted comes last; it still serves for alerts.
_ADDRESSES = Prepared(
    "patients_addresses",
    """
SELECT c.user_id::text, c.id::text, c.channel, c.address, c.secret,
  c.reminders_off_at IS NOT NULL, lower(u.language)
FROM unnest(%(users)s::uuid[]) AS wanted(user_id)
JOIN patients_user u ON u.id = wanted.user_id
JOIN patients_contactpoint c ON c.user_id = u.id
WHERE u.is_active AND c.retired_at IS NULL AND c.verified_at IS NOT NULL
  AND c.channel = ANY(%(channels)s::text[])
ORDER BY c.user_id, c.reminders_off_at NULLS FIRST,
  array_position(%(channels)s::text[], c.channel::text), c.created_at, c.id
""",
)


def addresses(
    user_ids: Iterable[object], channels: Sequence[str]
) -> Mapping[str, Sequence[Address]]:
    """Return the addresses of each account that has any, best first: in the order of `channels`.

    user_ids: each once.
    """
    rows = _ADDRESSES.fetchall({"users": plain_array(user_ids), "channels": plain_array(channels)})
    found: dict[str, list[Address]] = defaultdict(list)
    for row in rows:
        found[str(row[0])].append(Address._make(row))
    return found
