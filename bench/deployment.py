"""What a deployment has installed, told apart from what only tests and benchmarks need."""

import re
from collections.abc import Mapping
from importlib.metadata import packages_distributions
from pathlib import Path

_HERE = Path(__file__).parent
_LOCK = _HERE.parent / "requirements" / "base.txt"


def only_what_is_deployed() -> dict[str, str]:
    """Return the variables that hide from a process what `requirements/base.txt` has not got."""
    folder = str(_HERE / "deployed")
    return {"PYTHONPATH": folder, "BENCH_ABSENT": " ".join(sorted(_absent()))}


def _absent() -> set[str]:
    locked = {_plain(name) for name in re.findall(r"^([\w.-]+)==", _LOCK.read_text(), re.MULTILINE)}
    packages: Mapping[str, list[str]] = packages_distributions()
    return {
        package
        for package, distributions in packages.items()
        if not locked & {_plain(each) for each in distributions}
    }


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
