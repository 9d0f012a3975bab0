"""The list that says why and the list that is locked are the same list."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;]+)")


def wanted(name: str) -> set[str]:
    lines = (ROOT / "requirements" / f"{name}.in").read_text().splitlines()
    return {line for line in lines if line and not line.startswith(("#", "-"))}


def locked(name: str) -> dict[str, str]:
    lines = (ROOT / "requirements" / f"{name}.txt").read_text().splitlines()
    return {found[1]: found[2] for line in lines if (found := LOCKED.match(line))}


def test_pyproject_gives_a_reason_for_every_requirement() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    project = tomllib.loads(text)

    assert set(project["project"]["dependencies"]) == wanted("base")
    assert set(project["dependency-groups"]["dev"]) == wanted("dev")
    for requirement in wanted("base") | wanted("dev"):
        assert re.search(rf'"{re.escape(requirement)}",\s+# \w', text), requirement


def test_the_lock_for_tests_holds_the_product_at_the_same_versions() -> None:
    assert locked("base").items() <= locked("dev").items()


@pytest.mark.parametrize("name", ["base", "dev"])
def test_every_locked_package_has_a_hash_and_no_address(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text()

    assert "://" not in text
    for block in re.split(r"\n(?=\S)", text.strip()):
        assert "--hash=sha256:" in block
