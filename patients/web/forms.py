"""What people type on the pages about accounts and people."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from patients.channels.offered import offered
from patients.domain.roles import Channel, Scope
from patients.models import NotificationPreference
from patients.models.relationship import ROLES, SCOPES
from patients.models.user import LANGUAGES

TIME = {"type": "time"}
# A browser subscribes by itself and a webhook is set up by a program.
TYPED_CHANNELS = [(Channel.EMAIL.value, _("e-mail")), (Channel.SMS.value, _("text message"))]


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Invitation code"),
        max_length=40,
        help_text=_("Twelve letters and digits, like 7K3M-9QXA-24TD."),
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}
        ),
    )


class HiddenCodeForm(forms.Form):
    code = forms.CharField(max_length=40, widget=forms.HiddenInput)


class NewAccountForm(HiddenCodeForm):
    name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label=_("Phone number"),
        max_length=40,
        required=False,
        help_text=_("With its country code. An e-mail address or a phone number is enough."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    password = forms.CharField(
        label=_("Choose a password"),
        max_length=200,
        strip=False,
        help_text=_("At least ten characters."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)

    def __init__(self, *args: Any, addressed: bool, **kwargs: Any) -> None:
        """Where the invitation names an address, that one is the account's: none is asked for."""
        super().__init__(*args, **kwargs)
        if addressed:
            del self.fields["email"], self.fields["phone"]


class ProfileForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)


class ContactPointForm(forms.Form):
    channel = forms.ChoiceField(label=_("Channel"), choices=TYPED_CHANNELS)
    address = forms.CharField(label=_("Address or number"), max_length=320)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [each for each in TYPED_CHANNELS if each[0] in offered()]
        self.fields["channel"].choices = choices  # type: ignore[attr-defined]


class QuietHoursForm(forms.Form):
    quiet_from = forms.TimeField(
        label=_("Quiet from"), required=False, widget=forms.TimeInput(TIME, format="%H:%M")
    )
    quiet_until = forms.TimeField(
        label=_("Quiet until"), required=False, widget=forms.TimeInput(TIME, format="%H:%M")
    )
    zone = forms.CharField(label=_("Time zone"), max_length=64)
    daily_budget = forms.IntegerField(label=_("Messages a day at most"), min_value=0, max_value=100)
    may_wake = forms.BooleanField(label=_("Care that was agreed may wake me"), required=False)

    @classmethod
    def of(cls, preference: NotificationPreference) -> "QuietHoursForm":
        return cls(initial={name: getattr(preference, name) for name in cls.base_fields})


class InviteForm(forms.Form):
    invited_as = forms.ChoiceField(label=_("As"), choices=[*ROLES, ("patient", _("patient"))])
    scopes = forms.MultipleChoiceField(
        label=_("May"),
        choices=SCOPES,
        required=False,
        initial=[Scope.SEE_SESSIONS, Scope.LOG_SESSIONS],
        widget=forms.CheckboxSelectMultiple,
    )
    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        help_text=_("Left out, you hand the code over yourself."),
    )


class RegisterForm(forms.Form):
    clinic = forms.ChoiceField(label=_("Clinic"))
    name = forms.CharField(label=_("Name"), max_length=200)
    birth_date = forms.DateField(
        label=_("Date of birth"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    record_number = forms.CharField(label=_("Record number"), max_length=100, required=False)
    zone = forms.CharField(
        label=_("Time zone"),
        max_length=64,
        required=False,
        help_text=_("Like Asia/Shanghai. The clinic's, if left out."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)


class BreakGlassForm(forms.Form):
    """Why, and that it is known who will read of it. with_number: which record, too."""

    record_number = forms.CharField(
        label=_("Record number"),
        max_length=60,
        help_text=_("All of it, as your clinic writes it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    reason = forms.CharField(
        label=_("Why must you see it now?"),
        max_length=500,
        help_text=_("The patient reads these words. For example: on duty tonight, a red flag."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    understood = forms.BooleanField(
        label=_("I know that this is recorded and that the patient is told"),
    )

    def __init__(self, *args: Any, with_number: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not with_number:
            del self.fields["record_number"]
