"""What reaches the logs holds nothing of a person."""

import json
import logging
import sys

from config.logs import JsonLines


def written(record: logging.LogRecord) -> dict[str, object]:
    line: dict[str, object] = json.loads(JsonLines().format(record))
    return line


def test_the_text_of_an_error_is_left_out_and_its_place_is_kept() -> None:
    try:
        raise ValueError("Key (email)=(alice@example.org) already exists")
    except ValueError as error:
        message = f"Task failed: {error!r}"
        record = logging.LogRecord("x", logging.ERROR, "x.py", 1, message, (), sys.exc_info())

    line = written(record)

    assert "alice" not in json.dumps(line)
    assert line["error"] == "ValueError"
    assert "test_logs.py" in str(line["places"])


def test_only_numbers_are_taken_from_what_is_attached_to_a_record() -> None:
    record = logging.makeLogRecord({"msg": "sent", "batch": 500, "request": "GET /?q=alice"})

    line = written(record)

    assert line["batch"] == 500
    assert "request" not in line
