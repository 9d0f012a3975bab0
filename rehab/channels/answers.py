"""What an answer over HTTP means for a message, the same on every channel."""

from collections.abc import Collection, Mapping

from patients.channels.outgoing import CONNECTIONS, Answer, NoAnswer, NotPublic
from rehab.channels.message import TryAgain, Undeliverable

LONGEST_WAIT_SECONDS = 3600.0


def deliver(
    channel: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    dead: Collection[int],
    trusted: bool = False,
) -> None:
    """Post a message; Undeliverable or TryAgain where it was not taken.

    dead: the statuses that say that this address will never work. The reasons hold a channel and
    a status, never an address.
    """
    try:
        answer = CONNECTIONS.post(url, headers, body, trusted=trusted)
    except (NotPublic, ValueError) as refused:
        raise Undeliverable(f"{channel} address not public") from refused
    except NoAnswer as failed:
        raise TryAgain(f"{channel} {failed}") from failed
    if 200 <= answer.status < 300:
        return
    if answer.status in dead:
        raise Undeliverable(f"{channel} {answer.status}")
    raise TryAgain(f"{channel} {answer.status}", retry_after_seconds=_retry_after(answer))


def _retry_after(answer: Answer) -> float | None:
    """Return the seconds that the other side asks for; the form with a date is left aside."""
    asked = answer.headers.get("retry-after", "")
    if not asked.isascii() or not asked.isdigit():
        return None
    return min(float(asked), LONGEST_WAIT_SECONDS)
