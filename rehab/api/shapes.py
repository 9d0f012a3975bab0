"""Frozen dataclasses in the OpenAPI document, exactly as they are decoded and encoded."""

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from inspect import cleandoc, isclass
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec
from drf_spectacular.extensions import OpenApiSerializerExtension

Schema = dict[str, Any]

_SIMPLE: Mapping[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    NoneType: {"type": "null"},
    UUID: {"type": "string", "format": "uuid"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
    object: {},
    Any: {},
}


class DataclassSchema(OpenApiSerializerExtension):
    """Lets `@extend_schema` take a dataclass where it takes a serializer."""

    target_class = "rehab.api.shapes.DataclassSchema"

    @classmethod
    def _matches(cls, target: Any) -> bool:
        return _is_shape(target)

    def get_name(self, auto_schema: Any, direction: str) -> str:
        return self.target.__name__

    def map_serializer(self, auto_schema: Any, direction: str) -> Schema:
        """Every field of an answer is there, but for the defaults that a sparse shape leaves out.

        Of a request, fields without a default are needed.
        """
        hints = get_type_hints(self.target)
        given = _defaults(self.target)
        sparse = not is_dataclass(self.target)
        schema: Schema = {
            "type": "object",
            "properties": {
                name: {
                    **_schema(hints[name], auto_schema, direction),
                    **({"default": default} if sparse and default is not _NEEDED else {}),
                }
                for name, default in given.items()
            },
            "additionalProperties": False,
        }
        left_out = sparse or direction == "request"
        if required := [
            name for name, default in given.items() if default is _NEEDED or not left_out
        ]:
            schema["required"] = required
        if self.target.__doc__ and not self.target.__doc__.startswith(f"{self.target.__name__}("):
            schema["description"] = cleandoc(self.target.__doc__)
        return schema


_NEEDED = object()


def _is_shape(target: Any) -> bool:
    return isclass(target) and (is_dataclass(target) or issubclass(target, msgspec.Struct))


def _defaults(shape: Any) -> dict[str, object]:
    """Return the fields of a shape with their defaults, `_NEEDED` for those that have none."""
    if is_dataclass(shape):
        return {
            field.name: _NEEDED
            if field.default is MISSING and field.default_factory is MISSING
            else field.default
            for field in fields(shape)
        }
    return {
        field.name: field.default_factory()
        if field.default_factory is not msgspec.NODEFAULT
        else _NEEDED
        if field.default is msgspec.NODEFAULT
        else field.default
        for field in msgspec.structs.fields(shape)
    }


def _schema(hint: Any, auto_schema: Any, direction: str) -> Schema:
    if hint in _SIMPLE:
        return dict(_SIMPLE[hint])
    if _is_shape(hint):
        return auto_schema.resolve_serializer(hint, direction).ref
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Literal:
        return {"type": "string", "enum": list(inner)}
    if origin in (Union, UnionType):
        return _any_of([_schema(each, auto_schema, direction) for each in inner])
    if isclass(origin) and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _schema(inner[1], auto_schema, direction)}
    if isclass(origin) and issubclass(origin, Sequence):
        return {"type": "array", "items": _schema(inner[0], auto_schema, direction)}
    raise TypeError(f"no schema for {hint!r}")


def _any_of(schemas: list[Schema]) -> Schema:
    """Merge plain types into one; a number is also what an integer is."""
    plain = [schema["type"] for schema in schemas if set(schema) == {"type"}]
    others = [schema for schema in schemas if set(schema) != {"type"}]
    if "number" in plain and "integer" in plain:
        plain.remove("integer")
    if not others:
        return {"type": plain}
    if len(others) == 1 and set(others[0]) == {"type", "format"} and plain == ["null"]:
        return {"type": [others[0]["type"], "null"], "format": others[0]["format"]}
    return {"anyOf": [*others, *({"type": name} for name in plain)]}
