"""Texts that people typed: how long they may be, and what no database can keep."""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from patients.domain.errors import FieldError

LONGEST_TEXT = 4000
NUL = "\x00"


def text_faults(
    texts: Mapping[str, object], *, longest: int = LONGEST_TEXT
) -> Iterator[FieldError]:
    """Yield what is wrong with texts by their paths: too long, or with a character NUL in them."""
    for path, text in texts.items():
        if not isinstance(text, str):
            continue
        if len(text) > longest:
            yield FieldError(
                path, "too_long", _("Use %(most)s characters at most.") % {"most": longest}
            )
        if NUL in text:
            yield FieldError(
                path, "not_text", _("This holds a character that cannot be kept. Type it again.")
            )
