"""The first requests of a fresh process come in several threads and must not crash it."""

import subprocess
import sys

MEET_TYPES_AT_ONCE = """
import sys, threading
from dataclasses import field, make_dataclass
import django
django.setup()
from rehab.models.shapes import converted
sys.setswitchinterval(1e-6)
for n in range(400):
    inner = make_dataclass(f"Inner{n}", [("a", int, field(default=1))], frozen=True, slots=True)
    fields = [(f"f{i}", float | int | str | None, field(default=None)) for i in range(12)]
    outer = make_dataclass(
        f"Outer{n}", [*fields, ("inner", tuple[inner, ...], field(default=()))], frozen=True
    )
    start = threading.Barrier(8)
    def meet():
        start.wait()
        assert converted({"f1": 2, "inner": [{"a": 3}]}, outer).inner[0].a == 3
    threads = [threading.Thread(target=meet) for _ in range(8)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
"""

MEET_SHEETS_AT_ONCE = """
import sys, threading
import msgspec
from exercises.sheets.reading import shape
sys.setswitchinterval(1e-6)
for n in range(400):
    limit = msgspec.defstruct(f"Limit{n}", [("low", "float | None", None)])
    term = msgspec.defstruct(f"Term{n}", [("code", "str"), ("limits", dict[str, limit], {})])
    start = threading.Barrier(8)
    def meet():
        start.wait()
        raw = {"code": "a", "limits": {"x": {"low": 1}}}
        assert shape(term, raw, file="terms.yaml", item="a").code == "a"
    threads = [threading.Thread(target=meet) for _ in range(8)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
"""


def test_threads_that_read_the_catalogue_together_do_not_crash() -> None:
    """In a process of its own, as below."""
    met = subprocess.run(
        [sys.executable, "-c", MEET_SHEETS_AT_ONCE], capture_output=True, text=True, check=False
    )
    assert met.returncode == 0, met.stderr[-400:]


def test_threads_that_meet_a_type_together_do_not_crash() -> None:
    """In a process of its own: what it guards against ends the process."""
    met = subprocess.run(
        [sys.executable, "-c", MEET_TYPES_AT_ONCE], capture_output=True, text=True, check=False
    )
    assert met.returncode == 0, met.stderr[-400:]
