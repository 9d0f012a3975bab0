"""What becomes of a claim once its message was sent, or was not taken."""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import uniform

from rehab.actions.next_channel import GAVE_UP
from rehab.channels.message import TryAgain, Undeliverable
from rehab.models.outbox import Claim, Finish

logger = logging.getLogger(__name__)

FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(hours=1)
GIVE_UP_AFTER = 12


def finishes(
    claimed: Claim, carried: Sequence[Claim], failed: Exception | None, *, at: datetime
) -> Iterator[Finish]:
    """Yield what became of each claim that one message spoke for; failed: None when it was taken.

    carried: claims whose message this one said too.
    """
    main = _finish(claimed, failed, at=at)
    yield main
    for each in carried:
        if main.outcome == "sent":
            yield Finish(each, "merged", claimed.id)
        else:
            yield main._replace(claim=each)


def kind(finish: Finish) -> str:
    """Return under which word a drain counts it."""
    if finish.reason in ("put_back", "not_due_yet"):
        return "put_back"
    if finish.held:
        return "held"
    return {"sent": "sent", "merged": "merged", "not_sent": "dropped"}.get(finish.outcome, "failed")


def _finish(claimed: Claim, failed: Exception | None, *, at: datetime) -> Finish:
    match failed:
        case None:
            return Finish(claimed, "sent")
        case Undeliverable():
            return Finish(claimed, "failed", str(failed)[:60], failed=True)
        case TryAgain():
            wait = timedelta(seconds=failed.retry_after_seconds or 0)
            return _again(claimed, str(failed), at=at, at_least=wait)
        case _:
            logger.error("delivery failed", extra={"delivery": claimed.id}, exc_info=failed)
            return _again(claimed, type(failed).__name__, at=at)


def _again(held: Claim, reason: str, *, at: datetime, at_least: timedelta = timedelta()) -> Finish:
    """Try later, each time after about twice as long; give up in the end, and say so."""
    if held.failures + 1 >= GIVE_UP_AFTER:
        return Finish(held, "failed", f"{GAVE_UP}: {reason}"[:60], failed=True)
    pause = min(FIRST_RETRY * 2**held.failures, LONGEST_RETRY)
    pause *= uniform(0.8, 1.2)  # noqa: S311 - it spreads retries, it keeps no secret
    pause = max(pause, min(at_least, LONGEST_RETRY))
    return Finish(held, "", reason[:60], at + pause, failed=True)
