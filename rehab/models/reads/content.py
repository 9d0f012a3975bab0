"""What content is fit for this patient: the one way by which pages, calls and search read it.

A `Shelf` is one kind of content for one `Reader`. It filters in the query and counts what it hid
and why. An item of which only the caution is left is shown without its advice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Case, Count, Q, QuerySet, Value, When

from exercises.models.audience import READS, Audience
from patients.domain.errors import NotVisible
from rehab.domain.content_fit import reason_as_seen
from rehab.models.reads.content_reader import Reader
from rehab.models.reads.content_rules import NOBODY, RULES, Rules, base_rows
from rehab.models.reads.content_shapes import Hidden, HiddenCount
from rehab.models.reads.content_words import hidden_line, reason_label
from rehab.models.signature import signed

KEYS = {"guidance": "slug", "exercise": "slug", "food": "code", "recipe": "slug"}


class HiddenForPatient(NotVisible):
    """It is in the catalogue and not for this patient. The answer names reasons and no item."""

    code = "hidden_for_this_patient"
    detail = "This is hidden for this patient."


@dataclass(frozen=True, slots=True)
class Shelf:
    """rows: what this reader may have at all. rules: what hides some of it for this body."""

    kind: str
    reader: Reader
    rows: QuerySet[Any]
    rules: Rules

    @property
    def advised(self) -> Q:
        """Rows whose advice this reader gets; a recipe is the patient's once it is signed."""
        return Q() if self.kind == "recipe" else Q(advice_audience__in=self._audiences)

    @property
    def warned(self) -> Q:
        """Rows whose caution this reader gets, whatever becomes of their advice."""
        if self.kind == "recipe":
            return NOBODY
        told = Q(caution_audience__in=self._audiences)
        if self.kind == "exercise":
            return told
        warns = Q(caution__isnull=False)
        return told & (warns | Q(choking__isnull=False) if self.kind == "food" else warns)

    @property
    def _audiences(self) -> tuple[Audience, ...]:
        return READS[Audience(self.reader.audience)]

    def visible(self) -> QuerySet[Any]:
        """What is left, in order; each row says `advice_shown`, `signed_here` and `why_<n>`."""
        shown = self.advised & ~self.rules.hides_advice
        reasons = {f"why_{place}": _truth(rule.hit) for place, rule in enumerate(self.rules.advice)}
        return (
            self.rows.filter(~self.rules.hides_whole & (shown | self.warned))
            .annotate(
                advice_shown=_truth(shown),
                signed_here=signed(self.kind, self.reader.clinic_id, slug=KEYS[self.kind]),
                **reasons,
            )
            .in_order()
        )

    def hidden(self) -> Hidden:
        """Count what is hidden, once in all and once for each reason: one statement."""
        hits = self._hits()
        lost = self.rules.hides_whole | (self.advised & self.rules.hides_advice)
        found = self.rows.order_by().aggregate(
            total=Count("pk", filter=lost),
            **{f"n{place}": Count("pk", filter=hit) for place, hit in enumerate(hits.values())},
        )
        seen: dict[str, int] = {}
        for place, reason in enumerate(hits):
            told = reason_as_seen(reason, self.reader.scopes)
            if told is not None and found[f"n{place}"]:
                seen[told] = seen.get(told, 0) + found[f"n{place}"]
        return hidden_of(found["total"], seen, self.reader.language)

    def one(self, key: str, *, rows: QuerySet[Any]) -> Any:
        """Return one of `rows`, which `visible()` gave. NotVisible when it is not for this
        reader at all, HiddenForPatient when it is hidden for this body."""
        named = {KEYS[self.kind]: key}
        found = rows.filter(**named).first()
        if found is not None:
            return found
        hidden = Shelf(self.kind, self.reader, self.rows.filter(**named), self.rules).hidden()
        if not hidden.total:
            raise NotVisible
        raise HiddenForPatient(members={"reasons": [each.reason for each in hidden.reasons]})

    def withheld(self, row: Any) -> list[str]:
        """Why a row has no advice, as this reader may read it."""
        seen = (
            reason_as_seen(rule.reason, self.reader.scopes)
            for place, rule in enumerate(self.rules.advice)
            if getattr(row, f"why_{place}")
        )
        return list(dict.fromkeys(reason for reason in seen if reason))

    def _hits(self) -> Mapping[str, Q]:
        """Each reason with everything that it hides."""
        found: dict[str, Q] = {}
        whole = [(rule.reason, rule.hit) for rule in self.rules.whole]
        advice = [(rule.reason, self.advised & rule.hit) for rule in self.rules.advice]
        for reason, hit in (*whole, *advice):
            found[reason] = found[reason] | hit if reason in found else hit
        return found


def shelf(kind: str, reader: Reader) -> Shelf:
    """Return one kind of content for one reader: guidance, exercise, food or recipe."""
    return Shelf(kind, reader, base_rows(kind, reader), RULES[kind](reader))


def hidden_of(total: int, reasons: Mapping[str, int], language: str) -> Hidden:
    counts = [
        HiddenCount(reason=reason, label=reason_label(reason, language), count=count)
        for reason, count in reasons.items()
    ]
    return Hidden(total=total, reasons=counts, line=hidden_line(total, counts, language))


def _truth(condition: Q) -> Case:
    return Case(
        When(condition, then=Value(True)), default=Value(False), output_field=BooleanField()
    )
