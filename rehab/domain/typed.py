"""Reading a number and a unit as a person typed them ("8 st 3", "31 lb", "１２．５")."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from re import IGNORECASE, fullmatch, sub
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
# stimulation is never converted, it is asked about. What comes from another system of units is
# put on a tenth (pressure on a whole number): it was read no finer than that.
_TO_CANONICAL: Mapping[str, Mapping[str, Callable[[float], float]]] = {
    "kg": {
        "lb": lambda value: round(value * POUND_KG, 1),
        "st": lambda value: round(value * POUNDS_A_STONE * POUND_KG, 1),
        "g": lambda value: value / 1000,
        "jin": lambda value: value / 2,
    },
    "cm": {
        "mm": lambda value: value / 10,
        "m": lambda value: value * 100,
        "in": lambda value: round(value * 2.54, 1),
    },
    "°C": {"°F": lambda value: round((value - 32) * 5 / 9, 1)},
    "mmHg": {"kPa": lambda value: float(round(value * 7.50062))},
    "min": {"h": lambda value: value * 60, "s": lambda value: value / 60},
    "s": {"min": lambda value: value * 60},
    "h": {"min": lambda value: value / 60},
}

_SPELLINGS: Mapping[str, str] = {
    **dict.fromkeys(("lb", "lbs", "pound", "pounds", "磅"), "lb"),
    **dict.fromkeys(("st", "stone", "stones", "英石"), "st"),
    **dict.fromkeys(("kg", "kgs", "公斤", "千克"), "kg"),
    **dict.fromkeys(("jin", "斤"), "jin"),
    **dict.fromkeys(("g", "克"), "g"),
    **dict.fromkeys(("cm", "厘米"), "cm"),
    **dict.fromkeys(("mm", "毫米"), "mm"),
    **dict.fromkeys(("m", "米"), "m"),
    **dict.fromkeys(("in", "inch", "inches", '"', "′′", "”", "英寸", "吋"), "in"),
    **dict.fromkeys(("°c", "c", "℃", "度", "摄氏度"), "°C"),
    **dict.fromkeys(("°f", "f", "℉", "华氏度"), "°F"),
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


# A number with a decimal point or comma, or with a fraction of a ruler or a scale: "14", "14.5",
# "14,5", "14 1/2". "98/52" is no fraction: two numbers in one field are not read as one.
_FRACTION = r"(?:1/[2348]|[23]/[348]|[4-7]/8)"
_NUMBER = rf"(?:{_FRACTION}(?![0-9])|[0-9]+(?:[.,][0-9]+)?(?:\s+{_FRACTION}(?![0-9]))?|[.,][0-9]+)"
_STONES = rf"([0-9]+)\s*(?:stones?|st)\.?\s*({_NUMBER})\s*(?:lbs?|pounds?)?\.?"


def parse_typed(text: str, unit: str) -> Measured:
    """Read typed text as a value in the field's canonical unit.

    No unit in the text means the canonical one. Full-width digits, a decimal comma and fractions
    ("14 1/2", "14½") are read; "8 st 3" and "8 st 3 lb" are stones and pounds, of which there are
    fewer than 14 beside stones. UnreadableMeasure (a ValueError) for anything else, "12 A" for a
    field in mA among it.
    """
    plain = _plain(text)
    stones = fullmatch(_STONES, plain, IGNORECASE)
    if stones and unit == "kg":
        return Measured(_stones_and_pounds(stones[1], stones[2], text, unit), unit, text)
    parts = fullmatch(rf"([+-]?(?:{_NUMBER}))\s*(.*)", plain)
    if parts is None:
        raise UnreadableMeasure("not_a_number", text, unit)
    return Measured(_canonical(_number(parts[1]), parts[2], text, unit), unit, text)


def _plain(text: str) -> str:
    """Return one spelling of digits, signs and fractions; NFKC makes "14½" "141⁄2"."""
    apart = sub("([¼-¾⅐-⅞])", r" \1", text)
    return normalize("NFKC", apart).strip().replace("−", "-").replace("⁄", "/")


def _stones_and_pounds(stones: str, beside: str, text: str, unit: str) -> float:
    pounds = _number(beside)
    if pounds >= POUNDS_A_STONE:
        raise UnreadableMeasure("not_a_number", text, unit)
    return round((int(stones) * POUNDS_A_STONE + pounds) * POUND_KG, 1)


def _number(text: str) -> float:
    if "/" not in text:
        return float(text.replace(",", "."))
    whole, _, fraction = text.lstrip("+-").replace(",", ".").rpartition(" ")
    above, _, below = fraction.partition("/")
    size = float(whole or 0) + int(above) / int(below)
    return -size if text.startswith("-") else size


def _canonical(value: float, written: str, text: str, unit: str) -> float:
    given = _unit_named(written)
    if not written or given == unit:
        return value
    convert = _TO_CANONICAL.get(unit, {}).get(given)
    if convert is None:
        raise UnreadableMeasure("unit_not_offered", text, unit)
    return round(convert(value), 2)


def _unit_named(written: str) -> str:
    folded = written.strip().rstrip(".").lower()
    return _SPELLINGS.get(folded) or _STIMULATION.get(folded) or written.strip()
