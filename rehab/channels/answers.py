"""What an answer over HTTP means for a message, the same on every channel."""

from collections.abc import Collection

from patients.channels.exchange import Post, Ready, ready
from patients.channels.http_answer import Answer
from patients.channels.outgoing import CONNECTIONS, NoAnswer, NotPublic
from rehab.channels.message import TryAgain, Undeliverable

LONGEST_WAIT_SECONDS = 3600.0


def deliver(channel: str, post: Post) -> None:
    """Post a message over a kept connection and wait; Undeliverable or TryAgain if not taken."""
    try:
        answer = CONNECTIONS.post(post.url, post.headers, post.body, trusted=post.trusted)
    except (NotPublic, NoAnswer, ValueError) as failed:
        judge(channel, post.dead, failed)
    else:
        judge(channel, post.dead, answer)


def made_ready(channel: str, post: Post) -> Ready:
    """Return a post of which only the sending remains; Undeliverable where it may not be called."""
    try:
        return ready(post)
    except ValueError as no_address:
        raise Undeliverable(f"{channel} address not public") from no_address


def judge(channel: str, dead: Collection[int], result: Answer | Exception) -> None:
    """Return where a message was taken; else raise Undeliverable or TryAgain.

    dead: the statuses that say that this address will never work.
    The reasons hold a channel and a status, never an address.
    """
    if isinstance(result, NotPublic | ValueError):
        raise Undeliverable(f"{channel} address not public") from result
    if isinstance(result, Exception):
        raise TryAgain(f"{channel} {result}") from result
    if 200 <= result.status < 300:
        return
    if result.status in dead:
        raise Undeliverable(f"{channel} {result.status}")
    raise TryAgain(f"{channel} {result.status}", retry_after_seconds=_retry_after(result))


def _retry_after(answer: Answer) -> float | None:
    """Return the seconds that the other side asks for; the form with a date is left aside."""
    asked = answer.headers.get("retry-after", "")
    if not asked.isascii() or not asked.isdigit():
        return None
    return min(float(asked), LONGEST_WAIT_SECONDS)
