"""Narrowing what the catalogue shows."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rehab.models.reads.sign_off import STATES
from rehab.web.presenters import content_words

ANY = ("", _("All"))


class QueueFilter(forms.Form):
    """Everything is optional, and what cannot be understood narrows nothing."""

    state = forms.ChoiceField(
        label=_("Signature"),
        required=False,
        choices=[ANY, *((each, content_words.STATES[each][0]) for each in STATES)],
    )
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[ANY, *content_words.KINDS.items()]
    )
    group = forms.ChoiceField(
        label=_("Topic of guidance"), required=False, choices=[ANY, *content_words.TOPICS.items()]
    )
    readers = forms.ChoiceField(
        label=_("Reaches"),
        required=False,
        choices=[ANY, ("patients", _("Patients")), ("clinicians", _("Clinicians only"))],
    )
    q = forms.CharField(label=_("Words in it"), required=False, max_length=100)

    def asked(self) -> dict[str, Any]:
        """The arguments of `queue_of`."""
        self.is_valid()
        given = self.cleaned_data
        readers = {"patients": True, "clinicians": False}.get(given.get("readers", ""))
        return {
            "state": given.get("state") or None,
            "kind": given.get("kind") or None,
            "group": given.get("group") or None,
            "for_patients": readers,
            "typed": given.get("q") or "",
        }

    @property
    def is_narrowed(self) -> bool:
        return any(value not in (None, "") for value in self.asked().values())
