"""A copy of the sheets that a test may break."""

import shutil
from pathlib import Path

from exercises.sheets.reading import CONTENT


def copied_sheets(folder: Path) -> Path:
    """All sheets but the list of errors, which takes seconds to search for."""
    without = shutil.ignore_patterns("left_behind")
    return Path(shutil.copytree(CONTENT, folder / "content", ignore=without))


def rewrite(root: Path, sheet: str, old: str, new: str) -> None:
    """Replace the first `old` in a sheet; fail when it is not there."""
    path = root / sheet
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {sheet}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
