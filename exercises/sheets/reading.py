"""Read one YAML sheet into structs; say file, item and field when something is wrong."""

from collections.abc import Iterable
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

import msgspec
import yaml

CONTENT = Path(__file__).resolve().parent.parent / "content"

Sheet = TypeVar("Sheet", bound=msgspec.Struct)

_learning = Lock()


class ContentError(ValueError):
    """One thing wrong with one item of one sheet."""

    def __init__(self, *, file: str, item: str, field: str, problem: str) -> None:
        self.file, self.item, self.field, self.problem = file, item, field, problem
        super().__init__(f"{file}: {item}: {field}: {problem}")


class BrokenContentError(ValueError):
    """Everything that is wrong with the content, found in one pass."""

    def __init__(self, errors: Iterable[ContentError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(str(error) for error in self.errors))


class _UniqueKeys(yaml.CSafeLoader):
    """PyYAML keeps the last of two equal keys in silence; a sheet must not lose a line so."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=deep) for key, _ in node.value]
        twice = {key for key in keys if keys.count(key) > 1}
        if twice:
            raise yaml.constructor.ConstructorError(
                None, None, f"written twice: {sorted(map(str, twice))}", node.start_mark
            )
        return super().construct_mapping(node, deep=deep)


def read_items(root: Path, name: str, *, key: str = "code") -> list[tuple[str, dict[str, Any]]]:
    """Return the (key, raw item) pairs of the sheet `name`, a YAML list of mappings."""
    raw = _parse(root, name)
    if not isinstance(raw, list):
        raise ContentError(file=name, item="-", field="-", problem="must be a list of items")
    return [(_key(name, number, item, key), item) for number, item in enumerate(raw, 1)]


def read_rows(root: Path, name: str) -> list[tuple[str, dict[str, Any]]]:
    """Read a list whose rows have no key; they are named by file and number."""
    raw = _parse(root, name)
    if not isinstance(raw, list) or not all(isinstance(row, dict) for row in raw):
        raise ContentError(file=name, item="-", field="-", problem="must be a list of rows")
    return [(f"{Path(name).stem} #{number}", row) for number, row in enumerate(raw, 1)]


def read_defaults_and_items(root: Path, name: str, *, key: str) -> list[tuple[str, dict[str, Any]]]:
    """Read a sheet `{defaults: {...}, items: [...]}`; an item's own keys win over the defaults."""
    raw = _parse(root, name)
    if not isinstance(raw, dict) or set(raw) - {"defaults", "items"} or "items" not in raw:
        raise ContentError(file=name, item="-", field="-", problem="must hold defaults and items")
    defaults = raw.get("defaults") or {}
    return [
        (_key(name, number, item, key), {**defaults, **item})
        for number, item in enumerate(raw["items"], 1)
    ]


def read_item(root: Path, name: str, *, key: str) -> tuple[str, dict[str, Any]]:
    """Return (key, raw item) of a sheet that holds a single mapping."""
    raw = _parse(root, name)
    return _key(name, 1, raw, key), raw


def shape(kind: type[Sheet], raw: dict[str, Any], *, file: str, item: str) -> Sheet:
    try:
        # One thread at a time: two that meet a type together crash the process (msgspec 0.22).
        with _learning:
            return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        problem, _, path = str(error).partition(" - at `$")
        field = path.rstrip("`").lstrip(".") or _named_in(problem)
        raise ContentError(file=file, item=item, field=field, problem=problem) from error


def _parse(root: Path, name: str) -> Any:
    try:
        return yaml.load((root / name).read_bytes(), Loader=_UniqueKeys)  # noqa: S506 - a safe loader underneath
    except FileNotFoundError as error:
        raise ContentError(file=name, item="-", field="-", problem="is not there") from error
    except yaml.YAMLError as error:
        problem = " ".join(str(error).split())
        raise ContentError(file=name, item="-", field="-", problem=problem) from error


def _key(file: str, number: int, raw: Any, key: str) -> str:
    if not isinstance(raw, dict):
        raise ContentError(file=file, item=f"#{number}", field="-", problem="must be a mapping")
    value = raw.get(key)
    if not isinstance(value, str) or not value:
        raise ContentError(file=file, item=f"#{number}", field=key, problem="is missing")
    return value


def _named_in(problem: str) -> str:
    """msgspec names a missing or unknown field of the top level only inside its sentence."""
    parts = problem.split("`")
    return parts[1] if len(parts) > 2 else "-"
