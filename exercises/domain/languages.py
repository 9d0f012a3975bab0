"""Which of the two languages of the content a reader gets."""

from collections.abc import Iterator

LANGUAGES = ("zh-Hans", "en")


def chosen_language(*, accepted: str, own: str | None) -> str:
    """Return the first language of an Accept-Language header that the content has.

    Any Chinese gives zh-Hans (there is no zh-Hant text), any English gives en. Without a match
    it is the reader's own language, and zh-Hans where that is unknown too.
    """
    for tag in _by_preference(accepted):
        match tag.split("-")[0]:
            case "zh":
                return "zh-Hans"
            case "en":
                return "en"
    return own if own in LANGUAGES else "zh-Hans"


def _by_preference(header: str) -> Iterator[str]:
    weighted = [_weighted(part) for part in header.lower().split(",")]
    for weight, tag in sorted(weighted, key=lambda pair: -pair[0]):
        if weight > 0:
            yield tag


def _weighted(part: str) -> tuple[float, str]:
    tag, _, weight = part.partition(";q=")
    try:
        return float(weight or 1), tag.strip()
    except ValueError:
        return 0.0, tag.strip()
