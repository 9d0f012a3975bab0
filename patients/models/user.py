"""Accounts. Somebody signs in by e-mail or phone number; a patient may have no account at all."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from patients.access.walls import within_clinics

LANGUAGES = [("zh-Hans", "简体中文"), ("en", "English")]


class UserManager(BaseUserManager["User"]):
    def create_user(
        self, *, email: str | None = None, phone: str | None = None, password: str | None = None,
        **fields: Any,
    ) -> "User":  # fmt: skip
        """Make an account; without a password it can only be entered by invitation."""
        user = self.model(email=email or None, phone=phone or None, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(
            email=email, password=password, is_staff=True, is_superuser=True, **fields
        )


class User(AbstractBaseUser, PermissionsMixin):
    """An account. `clinic_ids` names every clinic where it ever had a role: it feeds the wall."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    email = models.EmailField(_("e-mail"), unique=True, null=True, blank=True)
    phone = models.CharField(_("phone"), max_length=16, unique=True, null=True, blank=True)
    name = models.TextField(_("name"), default="", blank=True)
    language = models.CharField(_("language"), max_length=7, choices=LANGUAGES, default="zh-Hans")
    clinic_ids = ArrayField(models.UUIDField(), default=list, blank=True, editable=False)
    is_staff = models.BooleanField(_("may enter the admin"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email__isnull=False) | models.Q(phone__isnull=False),
                name="user_has_email_or_phone",
            ),
            models.CheckConstraint(
                condition=models.Q(email__isnull=True)
                | (models.Q(email=Lower("email")) & ~models.Q(email="")),
                name="user_email_is_lower_case",
            ),
            models.CheckConstraint(
                condition=models.Q(phone__isnull=True)
                | models.Q(phone__regex=r"^\+[1-9][0-9]{6,14}$"),
                name="user_phone_is_international",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email or self.phone or str(self.id)

    def clean(self) -> None:
        super().clean()
        self.email = self.email.lower() if self.email else None
        self.phone = self.phone or None

    def practises(self, at: datetime) -> bool:
        """Tell whether this account holds a running post in any clinic."""
        with within_clinics(self.clinic_ids):
            return self.posts.running(at).exists()  # type: ignore[attr-defined]

    def is_coordinator(self, at: datetime) -> bool:
        """Tell whether this account coordinates any clinic."""
        with within_clinics(self.clinic_ids):
            return self.posts.running(at).filter(is_coordinator=True).exists()  # type: ignore[attr-defined]

    def enter_clinics(self, clinic_ids: Iterable[UUID]) -> None:
        """Open the wall of these clinics to this account, for good: former members upload late."""
        added = [clinic for clinic in clinic_ids if clinic not in self.clinic_ids]
        if added:
            self.clinic_ids = [*self.clinic_ids, *added]
            self.save(update_fields=["clinic_ids"])
