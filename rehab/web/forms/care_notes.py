"""A note between home and clinic, and a text to begin one with, as they are typed."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _

from rehab.actions.care_notes import NoteEntry, TemplateEntry
from rehab.models.care_note import LONGEST_NOTE, LONGEST_TITLE, NoteReaders, NoteTemplate
from rehab.models.reads.care_notes import AtHome, HomeReaders
from rehab.web.forms.fields import choice, shaped, text


class NoteForm(forms.Form):
    """who: names of whoever at home would read it, said beside each choice."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        who: HomeReaders,
        from_clinic: bool,
        begin: str = "",
    ) -> None:
        usual = NoteReaders.HELPERS if from_clinic and not who.patient else NoteReaders.PATIENT
        super().__init__(data, initial={"id": uuid4(), "body": begin, "readers": usual})
        self.fields["id"] = forms.UUIDField(widget=forms.HiddenInput)
        self.fields["body"] = _long(_("What would you like to say?"), required=True)
        self.fields["readers"] = choice(
            _("Who reads it?"),
            [
                (NoteReaders.PATIENT, _readers(who.patient, from_clinic=from_clinic)),
                (NoteReaders.HELPERS, _readers(who.helpers, from_clinic=from_clinic)),
            ],
            required=True,
        )

    def entry(self) -> NoteEntry:
        return NoteEntry(body=self.cleaned_data["body"], readers=self.cleaned_data["readers"])


class TextForm(forms.Form):
    """A text of the clinic; an empty name on a known text asks to take it away elsewhere."""

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, known: NoteTemplate | None = None
    ) -> None:
        start: dict[str, object] = {"id": known.id if known else uuid4()}
        if known:
            start |= {
                "title": known.title,
                "text_zh_hans": known.text_zh_hans,
                "text_en": known.text_en,
            }
        super().__init__(data, initial=start)
        self.fields["id"] = forms.UUIDField(widget=forms.HiddenInput)
        self.fields["title"] = text(_("Short name"), required=True, max_length=LONGEST_TITLE)
        self.fields["text_zh_hans"] = _long(_("In Chinese"))
        self.fields["text_en"] = _long(_("In English"))

    def entry(self) -> TemplateEntry:
        said = self.cleaned_data
        return TemplateEntry(
            title=said["title"], text_zh_hans=said["text_zh_hans"], text_en=said["text_en"]
        )


def _readers(people: tuple[AtHome, ...], *, from_clinic: bool) -> str:
    listed = _(", ").join(each.name for each in people)
    if from_clinic:
        return listed or _("Nobody at home")
    return _("%(names)s and the clinic") % {"names": listed} if listed else _("Only the clinic")


def _long(label: str, *, required: bool = False) -> forms.Field:
    field = forms.CharField(
        label=label,
        required=required,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea({"rows": 4}),
    )
    return shaped(field, "text")
