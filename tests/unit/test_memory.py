"""A process that has started does not look through what it loaded again and again."""

import gc
from collections.abc import Iterator

import pytest
from celery.signals import worker_process_init

import config.celery


@pytest.fixture
def thresholds() -> Iterator[tuple[int, int, int]]:
    before = gc.get_threshold()
    yield before
    gc.unfreeze()
    gc.set_threshold(*before)


def test_a_worker_process_looks_past_what_was_loaded(thresholds):
    assert config.celery.app.main == "rehab"
    worker_process_init.send(sender=None)
    assert gc.get_freeze_count() > 10_000
    assert gc.get_threshold() > thresholds
