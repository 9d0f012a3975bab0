"""What tells a worker that it must begin anew."""

import logging

import pytest

from config import hearing


@pytest.fixture
def handler(monkeypatch):
    made = hearing.NotAcknowledged(logging.CRITICAL)
    monkeypatch.setattr(hearing, "_not_acknowledged", hearing.Event())
    logger = logging.getLogger("celery.worker.request")
    logger.addHandler(made)
    yield made
    logger.removeHandler(made)


def test_a_message_that_celery_cannot_acknowledge_is_noticed(handler):
    """As a task's own message says it, with the error that a dead connection raises."""
    from celery.worker import request
    from kombu.message import Message

    class Dead:
        no_ack_consumers = frozenset[str]()

        def basic_ack(self, tag, multiple=False):
            raise TimeoutError

    message = Message(body="{}", delivery_tag="1", channel=Dead())
    request.logger.error("something else")
    assert not hearing._not_acknowledged.is_set()
    message.ack_log_error(request.logger, (TimeoutError,))
    assert hearing._not_acknowledged.is_set()


@pytest.mark.parametrize(("heard", "silent"), [(0.0, 0.0), (40.0, 60.0), (100.0, 0.0)])
def test_silence_counts_from_the_last_task_and_not_before_the_first(heard, silent, monkeypatch):
    monkeypatch.setattr(hearing._heard, "value", heard)
    assert hearing.silent_for(100.0) == silent


@pytest.mark.parametrize(
    ("silent", "at_work", "deaf"),
    [(89.0, False, False), (90.0, False, True), (389.0, True, False), (390.0, True, True)],
)
def test_a_long_task_is_no_deafness_until_its_limit_is_over(silent, at_work, deaf):
    found = hearing.is_deaf(silent, at_work=at_work, silent_seconds=90.0, task_seconds=300.0)
    assert found is deaf
