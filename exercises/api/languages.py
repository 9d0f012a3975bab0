"""Every answer is in one language: `?lang=`, else Accept-Language, else the reader's own."""

from typing import Any

from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.response import Response

from exercises.domain.languages import LANGUAGES, chosen_language

LANG = OpenApiParameter(
    "lang",
    str,
    enum=LANGUAGES,
    description="Language of every text; without it Accept-Language decides.",
)


class InOneLanguage(generics.GenericAPIView[Any]):
    """For views: puts the language into the serializer's context and names it in the headers."""

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "language": self.language}

    @property
    def language(self) -> str:
        asked = self.request.query_params.get("lang")
        if asked is None:
            own = getattr(self.request.user, "language", None)
            return chosen_language(
                accepted=self.request.headers.get("Accept-Language", ""), own=own
            )
        if asked not in LANGUAGES:
            detail = ErrorDetail(_("Choose zh-Hans or en."), code="unknown_language")
            raise ValidationError({"lang": [detail]})
        return asked

    def finalize_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().finalize_response(*args, **kwargs)
        if response.status_code == 200:
            response["Content-Language"] = self.language
        patch_vary_headers(response, ["Accept-Language"])
        return response


@extend_schema_field({"type": "string"})
class Text(serializers.Field[Any, Any, str, Any]):
    """The words of {"zh-Hans", "en"} in the language of the answer."""

    def to_representation(self, value: dict[str, str]) -> str:
        return value[self.context["language"]]


@extend_schema_field({"type": "array", "items": {"type": "string"}})
class Texts(serializers.Field[Any, Any, list[str], Any]):
    """An ordered list of texts."""

    def to_representation(self, value: list[dict[str, str]]) -> list[str]:
        return [each[self.context["language"]] for each in value]


@extend_schema_field({"type": ["string", "null"]})
class ToldText(serializers.Field[Any, Any, str | None, Any]):
    """The words of a column, or null where their audience is the archive, which nobody reads."""

    def __init__(self, column: str, audience: str, **options: Any) -> None:
        self.column, self.audience = column, audience
        super().__init__(source="*", read_only=True, **options)

    def to_representation(self, value: Any) -> str | None:
        words = getattr(value, self.column)
        if words is None or getattr(value, self.audience) == "archive":
            return None
        return words[self.context["language"]]
