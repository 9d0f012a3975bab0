"""Loaded by Python itself before a measured server: what a deployment does not install is absent.

Some libraries load whatever they find beside them (`rest_framework` takes requests and pygments);
beside the tools of tests and linters that is seven megabytes of a worker that no deployment has.
"""

import os
import sys
from importlib.machinery import ModuleSpec
from types import ModuleType

_ABSENT = frozenset(os.environ.get("BENCH_ABSENT", "").split())


class _Absent:
    """Says of packages that only the tests need that there are none."""

    @staticmethod
    def find_spec(
        name: str, path: object = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name.partition(".")[0] in _ABSENT:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return None


sys.meta_path.insert(0, _Absent())
