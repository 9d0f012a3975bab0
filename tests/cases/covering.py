"""Which line of which case is held by which test."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

Test = TypeVar("Test", bound=Callable[..., object])

# case -> line -> the tests that hold it, filled as the modules of the cases are imported.
COVERED: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))


def covers(case: str, *lines: str) -> Callable[[Test], Test]:
    """Say which lines of a case a test holds; `tests/cases/lines.py` says what they are."""

    def remember(test: Test) -> Test:
        name = f"{test.__module__.rpartition('.')[2]}.py::{test.__name__}"
        for line in lines:
            if name not in COVERED[case][line]:
                COVERED[case][line].append(name)
        return test

    return remember


def table(lines: Mapping[str, Mapping[str, str]]) -> Sequence[str]:
    """Return the lines of a Markdown page: what each line of a case asks, and what holds it."""
    page = []
    for case, asked in lines.items():
        page += ["", f"## {case}", "", "| line | the system must | held by |", "|---|---|---|"]
        for line, must in asked.items():
            tests = "<br>".join(f"`{name}`" for name in COVERED[case].get(line, ()))
            page.append(f"| {line} | {must} | {tests} |")
    return page
