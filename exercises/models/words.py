"""Full-text search without an extension: see exercises/domain/search.py for the words."""

from __future__ import annotations

from typing import Any, Self, TypeVar

from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Lookup

from exercises.domain.search import search_query

Row = TypeVar("Row", bound=models.Model)


class WordsField(SearchVectorField):
    """The words of a row. Django's own lookup would have PostgreSQL cut the words anew."""


@WordsField.register_lookup
class Holding(Lookup):
    """`search__holding="'被动' & 'stretch':*"`: holds all of these words."""

    lookup_name = "holding"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, values = self.process_lhs(compiler, connection)
        return f"{left} @@ %s::tsquery", [*values, self.rhs]


class SearchedQuerySet(models.QuerySet[Row]):
    def matching_words(self, typed: str) -> Self:
        """Rows that hold everything typed, in either language; nothing where no word is typed."""
        asked = search_query(typed)
        return self.filter(search__holding=asked) if asked else self.none()


class Searched(models.Model):
    """`search` holds the words; `digest` is the SHA-256 of the sheet's item, so that a
    signature can be tied to one wording. Both are written by the load."""

    digest = models.CharField(max_length=64, default="", editable=False)
    search = WordsField(default="", editable=False)

    class Meta:
        abstract = True


class WithoutWords(models.Manager[Row]):
    """Nobody reads the words back, so no query fetches them."""

    def get_queryset(self) -> models.QuerySet[Row]:
        return super().get_queryset().defer("search")
