"""Doses as people read them: number, unit, and the plan's maximum beside it."""

import re
from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from exercises import reference

Value = float | int | str | None

_BRACKETS = re.compile(r"\s*[（(][^）)]*[）)]")


def number(value: Value) -> str:
    """A number without needless zeros; text as it is."""
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, int | float):
        return f"{value:g}" if abs(value) < 1_000_000 else f"{value:.0f}"
    return str(value)


def known() -> frozenset[str]:
    """Every code that has a name of its own."""
    return frozenset(reference.dose_fields()) | frozenset(reference.choice_fields())


def unit_of(code: str) -> str:
    field = reference.dose_fields().get(code)
    return field.unit if field else ""


def label_of(code: str, language: str) -> str:
    """The name of a dose field or of a list to pick from, without its unit."""
    found = reference.dose_fields().get(code) or reference.choice_fields().get(code)
    return _BRACKETS.sub("", found.labels[language]) if found else code


def with_unit(code: str, value: Value) -> str:
    """A value with its unit; degrees and percent stand close, everything else has a space."""
    unit = unit_of(code)
    space = "" if unit in ("", "°", "%") else " "
    return f"{number(value)}{space}{unit}"


def said(code: str, value: Value, language: str) -> str:
    """A recorded value in words: the label of a choice, or the number with its unit."""
    choices = reference.choice_fields().get(code)
    if choices is None:
        return with_unit(code, value)
    return next(
        (each.labels[language] for each in choices.choices if each.code == value), str(value)
    )


def dose_line(dose: Mapping[str, Value], maximum: Mapping[str, Value], language: str) -> str:
    """One line for one part: "10 times · hold 5 s · at most 90°". Never a normal value."""
    return " · ".join(_phrases(dose, maximum, language))


def _phrases(
    dose: Mapping[str, Value], maximum: Mapping[str, Value], language: str
) -> Iterator[str]:
    for code in _in_order({**dose, **maximum}):
        value, most = dose.get(code), maximum.get(code)
        if code == "end_angle_degrees" and value is not None and value == most:
            yield _("to %(amount)s and no further") % {"amount": with_unit(code, value)}
            continue
        if value is not None:
            yield _phrase(code, value, language)
        if most is not None and most != value:
            yield _most(code, most, language, named=value is None)


def _in_order(codes: Mapping[str, Value]) -> list[str]:
    order = [*reference.dose_fields(), *reference.choice_fields()]
    return sorted(codes, key=lambda code: order.index(code) if code in order else len(order))


def _phrase(code: str, value: Value, language: str) -> str:
    match code:
        case "repetitions" if isinstance(value, int | float):
            return ngettext("%(count)s time", "%(count)s times", int(value)) % {
                "count": number(value)
            }
        case "sets" if isinstance(value, int | float):
            return ngettext("%(count)s set", "%(count)s sets", int(value)) % {
                "count": number(value)
            }
        case "hold_seconds":
            return _("hold %(amount)s") % {"amount": with_unit(code, value)}
        case "minutes" | "hours" | "amplitude_ma" | "frequency_hz" | "cadence_rpm":
            return with_unit(code, value)
        case "pulse_width_us" | "pulse_width_ms":
            return _("pulse width %(amount)s") % {"amount": with_unit(code, value)}
        case "end_angle_degrees":
            return _("to %(amount)s") % {"amount": with_unit(code, value)}
    return f"{label_of(code, language)} {said(code, value, language)}"


def _most(code: str, most: Value, language: str, *, named: bool) -> str:
    if code == "end_angle_degrees":
        return _("no further than %(amount)s") % {"amount": with_unit(code, most)}
    phrase = _("at most %(amount)s") % {"amount": with_unit(code, most)}
    return f"{label_of(code, language)} {phrase}" if named else phrase
