"""Reading a number and a unit as a person typed them ("8 st 3", "31 lb", "１２．５")."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from re import fullmatch
from unicodedata import normalize

POUND_KG = 0.45359237
POUNDS_A_STONE = 14


@dataclass(frozen=True, slots=True)
class Measured:
    """A canonical value beside the text that was typed, both kept."""

    value: float
    unit: str
    typed: str


class UnreadableMeasure(ValueError):
    """Typed text that is no measure. `code`: not_a_number or unit_not_offered."""

    def __init__(self, code: str, typed: str, unit: str) -> None:
        super().__init__(f"{code}: {typed!r} in {unit or 'a plain number'}")
        self.code = code
        self.typed = typed
        self.unit = unit


# Offered units only. Microseconds, milliseconds and amperes are left out on purpose: a unit of
# stimulation is never converted, it is asked about.
_TO_CANONICAL: Mapping[str, Mapping[str, Callable[[float], float]]] = {
    "kg": {
        "lb": lambda value: value * POUND_KG,
        "st": lambda value: value * POUNDS_A_STONE * POUND_KG,
        "g": lambda value: value / 1000,
        "jin": lambda value: value / 2,
    },
    "cm": {
        "mm": lambda value: value / 10,
        "m": lambda value: value * 100,
        "in": lambda value: value * 2.54,
    },
    "°C": {"°F": lambda value: (value - 32) * 5 / 9},
    "mmHg": {"kPa": lambda value: value * 7.50062},
    "min": {"h": lambda value: value * 60, "s": lambda value: value / 60},
    "s": {"min": lambda value: value * 60},
    "h": {"min": lambda value: value / 60},
}

_SPELLINGS: Mapping[str, str] = {
    **dict.fromkeys(("lb", "lbs", "pound", "pounds", "磅"), "lb"),
    **dict.fromkeys(("st", "stone", "stones"), "st"),
    **dict.fromkeys(("kg", "kgs", "公斤", "千克"), "kg"),
    **dict.fromkeys(("jin", "斤"), "jin"),
    **dict.fromkeys(("g", "克"), "g"),
    **dict.fromkeys(("cm", "厘米"), "cm"),
    **dict.fromkeys(("mm", "毫米"), "mm"),
    **dict.fromkeys(("m", "米"), "m"),
    **dict.fromkeys(("in", "inch", "inches", '"', "英寸"), "in"),
    **dict.fromkeys(("°c", "c", "℃", "度"), "°C"),
    **dict.fromkeys(("°f", "f", "℉"), "°F"),
    **dict.fromkeys(("min", "mins", "minutes", "分", "分钟"), "min"),
    **dict.fromkeys(("h", "hr", "hours", "小时"), "h"),
    **dict.fromkeys(("s", "sec", "seconds", "秒"), "s"),
    "mmhg": "mmHg",
    "kpa": "kPa",
}

# U+03BC and U+00B5 both stand for micro; NFKC turns the second into the first.
_STIMULATION: Mapping[str, str] = {
    "ma": "mA",
    "毫安": "mA",
    "hz": "Hz",
    "赫兹": "Hz",
    "ms": "ms",
    "毫秒": "ms",
    "us": "µs",
    "μs": "µs",
    "微秒": "µs",
}


def parse_typed(text: str, unit: str) -> Measured:
    """Read typed text as a value in the field's canonical unit.

    No unit in the text means the canonical one. Full-width digits and a decimal comma are read;
    "8 st 3" and "8 st 3 lb" are stones and pounds. UnreadableMeasure (a ValueError) for anything
    else, "12 A" for a field in mA among it.
    """
    plain = normalize("NFKC", text).strip().replace("−", "-")
    stones = fullmatch(
        r"([0-9]+)\s*(?:st|stone|stones)\s*([0-9]+(?:[.,][0-9]+)?)\s*(?:lbs?)?", plain
    )
    if stones and unit == "kg":
        pounds = int(stones[1]) * POUNDS_A_STONE + _number(stones[2])
        return Measured(round(pounds * POUND_KG, 2), unit, text)
    parts = fullmatch(r"([+-]?(?:[0-9]+(?:[.,][0-9]+)?|[.,][0-9]+))\s*(.*)", plain)
    if parts is None:
        raise UnreadableMeasure("not_a_number", text, unit)
    return Measured(_canonical(_number(parts[1]), parts[2], text, unit), unit, text)


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _canonical(value: float, written: str, text: str, unit: str) -> float:
    given = _unit_named(written)
    if not written or given == unit:
        return value
    convert = _TO_CANONICAL.get(unit, {}).get(given)
    if convert is None:
        raise UnreadableMeasure("unit_not_offered", text, unit)
    return round(convert(value), 2)


def _unit_named(written: str) -> str:
    folded = written.strip().lower()
    return _SPELLINGS.get(folded) or _STIMULATION.get(folded) or written.strip()
