"""Parts of answers that exercises and protocols have in common."""

from collections.abc import Iterable
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema_field
from rest_framework import serializers

from exercises.api.languages import Text
from exercises.models.audience import Audience
from exercises.models.content import Graded
from exercises.models.safety import Does, Level, Where


class OneOf(serializers.RegexField):
    """A code out of a closed list, which the OpenAPI document spells out as a pattern."""

    def __init__(self, codes: Iterable[str], **options: Any) -> None:
        super().__init__(f"^({'|'.join(codes)})$", read_only=True, **options)


WORDS = OpenApiParameter(
    "q", str, description="Words to be found, in Chinese or English; all of them must be there."
)
SOURCES = {"type": "array", "items": {"type": "string"}, "description": "Codes; see /sources."}


@extend_schema_field(SOURCES)
class CitedSources(serializers.Field[Any, Any, list[str], Any]):
    """The sources of a piece of an item, from its citations."""

    def __init__(self, **options: Any) -> None:
        super().__init__(source="citations", read_only=True, **options)

    def to_representation(self, value: list[dict[str, str]]) -> list[str]:
        return list(dict.fromkeys(citation["source"] for citation in value))


@extend_schema_field({"type": "array", "items": {"type": "string"}})
class Names(serializers.Field[Any, Any, list[str], Any]):
    """The slugs or codes of related rows, in their order."""

    def __init__(self, attribute: str, **options: Any) -> None:
        self.attribute = attribute
        super().__init__(read_only=True, **options)

    def to_representation(self, value: Any) -> list[str]:
        rows = value if isinstance(value, list) else value.all()
        return [getattr(row, self.attribute) for row in rows]


class CatalogueSourceSection(serializers.Serializer[Any]):
    """Where it comes from; `section` is empty where a source is cited whole."""

    source = serializers.CharField(source="source.code")  # type: ignore[assignment]
    source_id = serializers.UUIDField()
    source_kind = serializers.CharField(source="source.kind")
    source_title = Text(source="source.names")
    section = serializers.CharField(source="number", allow_blank=True)
    section_title = Text(source="names")
    checked = OneOf(
        ["looked_up", "to_verify"], source="source.checked", help_text="Has anybody read it?"
    )


class CatalogueEvidence(serializers.Serializer[Any]):
    """How well it is proven: what was found, and what we make of it."""

    kind = OneOf(Graded.EvidenceKind.values, source="evidence_kind")
    people = serializers.IntegerField(
        source="evidence_people", allow_null=True, help_text="In the best study, where known."
    )
    detail = Text(source="evidence_detail")
    says = Text(source="evidence_says")


class CataloguePrecaution(serializers.Serializer[Any]):
    code = serializers.CharField()
    does = OneOf(Does.values)
    text = Text(source="names")


class CatalogueContraindication(serializers.Serializer[Any]):
    """`absolute` needs a named override with reason and expiry."""

    code = serializers.CharField()
    level = OneOf(Level.values)
    where = OneOf(Where.values)
    modalities = serializers.ListField(child=serializers.CharField())
    text = Text(source="names")


class Reviewed(serializers.Serializer[Any]):
    """Who answers for it, and when it was last reviewed. No date: nobody has reviewed it yet."""

    owner = serializers.CharField()
    last_reviewed = serializers.DateField(allow_null=True)
    reviewed_by = serializers.CharField(allow_blank=True)
    digest = serializers.CharField(
        help_text="SHA-256 of the item's sheet: the wording that a signature is tied to."
    )
    withdrawn_at = serializers.DateTimeField(
        allow_null=True, help_text="Since when it is only kept for old plans and logs."
    )


class Told(serializers.Serializer[Any]):
    """Who reads the advice, and who the caution: a conflict hides advice, never a caution."""

    advice_audience = OneOf(Audience.values)
    caution_audience = OneOf(Audience.values)
    in_conflict = serializers.BooleanField(
        help_text="An unresolved conflict hides the advice from patients; see /conflicts."
    )
    evidence_kind = serializers.CharField()


@extend_schema_field(
    {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["condition", "because"],
            "properties": {"condition": {"type": "string"}, "because": {"type": "string"}},
        },
    }
)
class NotFor(serializers.Field[Any, Any, list[dict[str, str]], Any]):
    """Conditions with which the advice is not shown, and the reason that is shown instead."""

    def __init__(self, **options: Any) -> None:
        super().__init__(source="not_for_because", read_only=True, **options)

    def to_representation(self, value: dict[str, dict[str, str]]) -> list[dict[str, str]]:
        language = self.context["language"]
        return [{"condition": code, "because": text[language]} for code, text in value.items()]
