"""The Celery application. Tasks live in the apps; ticks and options in config.settings.services."""

import os
import warnings
from importlib import import_module
from typing import Any

from celery import Celery
from celery.exceptions import SecurityWarning
from celery.signals import beat_init, celeryd_init, setup_logging, worker_process_init

from config.memory import leave_what_was_loaded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# Only JSON is accepted, so a worker that root started on its own machine unpickles nothing.
warnings.filterwarnings("ignore", category=SecurityWarning)

app = Celery("rehab")
app.config_from_object("django.conf:settings", namespace="CELERY")


@setup_logging.connect
def _keep_our_logging(**_: Any) -> None:
    """Django has configured the logs; a receiver here keeps Celery from replacing them."""


@celeryd_init.connect
@beat_init.connect
def _refuse_faulty_environment(**_: Any) -> None:
    from config.checks import refuse_faulty_environment

    refuse_faulty_environment()


@celeryd_init.connect
def _notice_deafness(**_: Any) -> None:
    """Only in a worker, before its processes are forked."""
    import_module("config.hearing")


@worker_process_init.connect
def _leave_what_was_loaded(**_: Any) -> None:
    leave_what_was_loaded()


@beat_init.connect
def _rare_ticks_at_start(**_: Any) -> None:
    """Fill the coming days at once, not only after a quarter of an hour; and tend the tables."""
    app.send_task("rehab.tasks.schedule.materialise", expires=15 * 60)
    app.send_task("rehab.tasks.storage.tend_tables", expires=3600)
