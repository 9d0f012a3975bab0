"""Parts of answers that exercises and protocols have in common."""

from collections.abc import Iterable
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from exercises.api.languages import Text
from exercises.models.content import Graded
from exercises.models.safety import Does, Level, Where


class OneOf(serializers.RegexField):
    """A code out of a closed list, which the OpenAPI document spells out as a pattern."""

    def __init__(self, codes: Iterable[str], **options: Any) -> None:
        super().__init__(f"^({'|'.join(codes)})$", read_only=True, **options)


@extend_schema_field({"type": "array", "items": {"type": "string"}})
class Names(serializers.Field[Any, Any, list[str], Any]):
    """The slugs or codes of related rows, in their order."""

    def __init__(self, attribute: str, **options: Any) -> None:
        self.attribute = attribute
        super().__init__(read_only=True, **options)

    def to_representation(self, value: Any) -> list[str]:
        return [getattr(row, self.attribute) for row in value.all()]


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
    withdrawn_at = serializers.DateTimeField(
        allow_null=True, help_text="Since when it is only kept for old plans and logs."
    )
