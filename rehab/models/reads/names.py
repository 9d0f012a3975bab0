"""Words for codes: parts of the body and time zones, always in both languages."""

from collections.abc import Mapping
from typing import Protocol

from exercises import reference

Text = dict[str, str]

LANGUAGES = ("zh-Hans", "en")

_SIDES: Mapping[str, Text] = {
    "left": {"zh-Hans": "左侧", "en": "left"},
    "right": {"zh-Hans": "右侧", "en": "right"},
    "both": {"zh-Hans": "双侧", "en": "both sides"},
}

# Zones whose city does not say what people there call their time.
_ZONES: Mapping[str, Text] = {
    "Asia/Shanghai": {"zh-Hans": "中国时间", "en": "China time"},
    "Asia/Urumqi": {"zh-Hans": "新疆时间", "en": "Xinjiang time"},
    "Asia/Kolkata": {"zh-Hans": "印度时间", "en": "India time"},
    "Asia/Hong_Kong": {"zh-Hans": "香港时间", "en": "Hong Kong time"},
    "Asia/Taipei": {"zh-Hans": "台北时间", "en": "Taipei time"},
    "America/New_York": {"zh-Hans": "美国东部时间", "en": "US Eastern time"},
    "America/Toronto": {"zh-Hans": "多伦多时间", "en": "Toronto time"},
    "Europe/London": {"zh-Hans": "英国时间", "en": "UK time"},
    "Europe/Madrid": {"zh-Hans": "马德里时间", "en": "Madrid time"},
    "Australia/Sydney": {"zh-Hans": "悉尼时间", "en": "Sydney time"},
    "UTC": {"zh-Hans": "协调世界时", "en": "UTC"},
}


class OnBody(Protocol):
    """What names a place on the body."""

    @property
    def motion(self) -> str: ...
    @property
    def muscle(self) -> str: ...
    @property
    def side(self) -> str: ...


def part_name(part: OnBody) -> Text:
    """Return the name of a part with its side; both texts are empty for the whole body."""
    found = reference.motions().get(part.motion) or reference.muscles().get(part.muscle)
    labels = {language: found.labels[language] if found else "" for language in LANGUAGES}
    side = _SIDES.get(part.side)
    if side is None:
        return labels
    return {
        "zh-Hans": side["zh-Hans"] + labels["zh-Hans"],
        "en": ", ".join(filter(None, (labels["en"], side["en"]))),
    }


def zone_name(zone: str) -> Text:
    """Return what people call the time of an IANA zone: "China time", or the city's time."""
    if zone in _ZONES:
        return dict(_ZONES[zone])
    city = zone.rpartition("/")[2].replace("_", " ")
    return {"zh-Hans": f"{city}时间", "en": f"{city} time"}


def title_of(title: Mapping[str, str], exercise: str) -> Text:
    """Return an item's title in both languages; the exercise's code where there is none."""
    spare = title.get("en") or title.get("zh-Hans") or exercise
    return {language: title.get(language) or spare for language in LANGUAGES}


def said_in(text: Mapping[str, str], language: str) -> str:
    """Return one language of a text; English for a language that is not offered."""
    return text.get(language) or text.get("en", "")
