"""The sign-in form, which asks for what this service knows: an address and a password."""

from typing import Any

from allauth.account.forms import LoginForm
from django.utils.translation import gettext_lazy as _


class SignInForm(LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label = _("E-mail address or phone number")
        login.widget.attrs = {"autocomplete": "username", "autocapitalize": "none"}
        password.label = _("Password")
        password.help_text = ""
        password.widget.attrs.pop("placeholder", None)
