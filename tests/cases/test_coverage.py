"""Every line of every case is held by a test, and the page that says so is up to date.

`WRITE_CASES=1` writes docs/cases.md anew.
"""

import os
from importlib import import_module
from pathlib import Path

from tests.cases.covering import COVERED, table
from tests.cases.lines import LINES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "cases.md"
HEAD = (
    "# Cases",
    "",
    "Realistic patients, day by day, as tests through the HTTP API with the clock moved.",
    "They live in `tests/cases/`. Each line of a case names what holds it.",
)


def import_every_case() -> None:
    for path in sorted(Path(__file__).parent.glob("test_case_*.py")):
        import_module(f"tests.cases.{path.stem}")


def test_every_line_of_every_case_is_held_by_a_test():
    import_every_case()
    asked = {(case, line) for case, lines in LINES.items() for line in lines}
    held = {(case, line) for case, lines in COVERED.items() for line in lines}
    assert asked - held == set(), "no test holds these"
    assert held - asked == set(), "these are lines of no case"


def test_the_page_of_the_cases_says_what_the_tests_say():
    import_every_case()
    page = "\n".join([*HEAD, *table(LINES), ""])
    if os.environ.get("WRITE_CASES"):
        PAGE.write_text(page, encoding="utf-8")
    assert PAGE.read_text("utf-8") == page
