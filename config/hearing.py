"""A worker that hears nothing any more ends, and is started again by whoever watches over it.

Beat asks for something every second. After the way to the broker was cut without a word, Celery's
consumer now and then stays deaf for good while everything in it seems to live (docs/adr/0069).
Nobody else would notice before an operator did.
"""

import logging
import os
import signal
import time
from multiprocessing.sharedctypes import RawValue
from threading import Thread
from typing import Any

from billiard import active_children
from celery.signals import task_postrun, task_prerun, worker_ready

logger = logging.getLogger(__name__)

LOOKS_EVERY_SECONDS = 1.0
# Nothing is at work any more; only dead connections may hold up an orderly end.
ENDS_WITHIN_SECONDS = 20.0

# When a process of this worker last began or ended a task, on the clock of `time.monotonic`, which
# all processes of a machine share; 0 before the first. Made before they are forked (config.celery).
_heard = RawValue("d", 0.0)


@task_prerun.connect
@task_postrun.connect
def _hear(**_: Any) -> None:
    _heard.value = time.monotonic()


@worker_ready.connect
def _watch(**_: Any) -> None:
    from django.conf import settings

    if settings.WORKER_SILENT_SECONDS:
        Thread(
            target=_end_when_deaf,
            args=(settings.WORKER_SILENT_SECONDS,),
            name="hearing",
            daemon=True,
        ).start()


def silent_for(now: float) -> float:
    """Return the seconds since a task began or ended; 0 for who has heard nothing since it started.

    Who ends for having heard nothing, and hears nothing afterwards, has nobody to hear: it stays.
    """
    return now - _heard.value if _heard.value else 0.0


def _end_when_deaf(silent_seconds: float) -> None:
    while silent_for(time.monotonic()) < silent_seconds:
        time.sleep(LOOKS_EVERY_SECONDS)
    logger.error("heard nothing; ending, to be started again", extra={"seconds": silent_seconds})
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(ENDS_WITHIN_SECONDS)
    for child in active_children():
        if child.pid:
            os.kill(child.pid, signal.SIGKILL)
    os._exit(1)
