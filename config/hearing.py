"""A worker that hears nothing any more ends, and is started again by whoever watches over it.

Beat asks for something every second. After the way to the broker was cut without a word, Celery's
consumer now and then stays deaf for good while everything in it seems to live (docs/adr/0069).
Nobody else would notice before an operator did. Nor does a worker go on that could not acknowledge
a message: each of those may have taken one of the places for what is under way with it.
"""

import logging
import os
import signal
import time
from multiprocessing.sharedctypes import RawValue
from threading import Event, Thread
from typing import Any

from billiard import active_children
from celery.signals import task_postrun, task_prerun, worker_ready
from celery.worker.state import active_requests

logger = logging.getLogger(__name__)

LOOKS_EVERY_SECONDS = 1.0
# Once nothing is at work any more, only dead connections can hold up an orderly end.
ENDS_WITHIN_SECONDS = 20.0

# When a process of this worker last began or ended a task, on the clock of `time.monotonic`, which
# all processes of a machine share; 0 before the first. Made before they are forked (config.celery).
_heard = RawValue("d", 0.0)
_not_acknowledged = Event()


class NotAcknowledged(logging.Handler):
    """Celery says critically that it could not acknowledge or reject a message, and goes on."""

    def emit(self, record: logging.LogRecord) -> None:
        _not_acknowledged.set()


@task_prerun.connect
@task_postrun.connect
def _hear(**_: Any) -> None:
    _heard.value = time.monotonic()


@worker_ready.connect
def _watch(**_: Any) -> None:
    from django.conf import settings

    if settings.WORKER_SILENT_SECONDS:
        logging.getLogger("celery.worker.request").addHandler(NotAcknowledged(logging.CRITICAL))
        limits = settings.WORKER_SILENT_SECONDS, settings.CELERY_TASK_TIME_LIMIT
        Thread(target=_end_when_deaf, args=limits, name="hearing", daemon=True).start()


def silent_for(now: float) -> float:
    """Return the seconds since a task began or ended; 0 for who has heard nothing since it started.

    Who ends for having heard nothing, and hears nothing afterwards, has nobody to hear: it stays.
    """
    return now - _heard.value if _heard.value else 0.0


def is_deaf(silent: float, *, at_work: bool, silent_seconds: float, task_seconds: float) -> bool:
    """Tell whether a worker that was silent for so long hears nothing any more.

    at_work: a task of it is, which may be a long one; after the limit of a task that is an error.
    """
    return silent >= silent_seconds + (task_seconds if at_work else 0)


def _end_when_deaf(silent_seconds: float, task_seconds: float) -> None:
    while not is_deaf(
        silent_for(time.monotonic()),
        at_work=bool(active_requests),
        silent_seconds=silent_seconds,
        task_seconds=task_seconds,
    ):
        if _not_acknowledged.wait(LOOKS_EVERY_SECONDS):
            _end("a message was not acknowledged", task_seconds)
    _end("heard nothing", task_seconds)


def _end(why: str, task_seconds: float) -> None:
    """End in order, which lets tasks finish; hard where nothing is at work and it does not end."""
    logger.error("%s; ending, to be started again", why)
    os.kill(os.getpid(), signal.SIGTERM)
    finished_by = time.monotonic() + task_seconds
    while active_requests and time.monotonic() < finished_by:
        time.sleep(LOOKS_EVERY_SECONDS)
    time.sleep(ENDS_WITHIN_SECONDS)
    for child in active_children():
        if child.pid:
            os.kill(child.pid, signal.SIGKILL)
    os._exit(1)
