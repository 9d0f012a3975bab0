import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "email",
                    models.EmailField(
                        blank=True, max_length=254, null=True, unique=True, verbose_name="e-mail"
                    ),
                ),
                (
                    "phone",
                    models.CharField(
                        blank=True, max_length=16, null=True, unique=True, verbose_name="phone"
                    ),
                ),
                ("name", models.TextField(blank=True, default="", verbose_name="name")),
                (
                    "language",
                    models.CharField(
                        choices=[("zh-Hans", "简体中文"), ("en", "English")],
                        default="zh-Hans",
                        max_length=7,
                        verbose_name="language",
                    ),
                ),
                (
                    "clinic_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(),
                        blank=True,
                        default=list,
                        editable=False,
                        size=None,
                    ),
                ),
                (
                    "is_staff",
                    models.BooleanField(default=False, verbose_name="may enter the admin"),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "account",
                "verbose_name_plural": "accounts",
                "ordering": ["name", "id"],
            },
        ),
        migrations.CreateModel(
            name="Clinic",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.TextField(verbose_name="name")),
                ("zone", models.TextField(default="Asia/Shanghai", verbose_name="time zone")),
                ("hours", models.JSONField(blank=True, default=dict, verbose_name="opening hours")),
                (
                    "holidays",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DateField(),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="holidays",
                    ),
                ),
                (
                    "emergency_number",
                    models.TextField(default="120", verbose_name="emergency number"),
                ),
                ("phone", models.TextField(blank=True, default="", verbose_name="phone")),
                (
                    "last_resort_contact",
                    models.TextField(blank=True, default="", verbose_name="last-resort contact"),
                ),
                (
                    "unattended",
                    models.BooleanField(
                        default=False, verbose_name="nobody answers, and the patient is told"
                    ),
                ),
                (
                    "requires_signature",
                    models.BooleanField(default=False, verbose_name="content needs our signature"),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "clinic",
                "verbose_name_plural": "clinics",
                "ordering": ["name", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="clinic_has_a_name"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("emergency_number", ""), _negated=True),
                        name="clinic_has_an_emergency_number",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactPoint",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("email", "e-mail"),
                            ("sms", "text message"),
                            ("push", "notification on this device"),
                            ("webhook", "webhook"),
                        ],
                        max_length=10,
                        verbose_name="channel",
                    ),
                ),
                ("address", models.TextField(verbose_name="address")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("verified_at", models.DateTimeField(blank=True, null=True)),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                ("retired_reason", models.TextField(blank=True, default="")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contact_points",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "contact point",
                "verbose_name_plural": "contact points",
                "ordering": ["channel", "created_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="InvitationCode",
            fields=[
                ("code_hash", models.CharField(max_length=64, primary_key=True, serialize=False)),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="patients.clinic",
                    ),
                ),
            ],
            options={
                "verbose_name": "invitation code",
                "verbose_name_plural": "invitation codes",
            },
        ),
        migrations.CreateModel(
            name="NotificationPreference",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("quiet_from", models.TimeField(blank=True, null=True, verbose_name="quiet from")),
                (
                    "quiet_until",
                    models.TimeField(blank=True, null=True, verbose_name="quiet until"),
                ),
                ("zone", models.TextField(default="Asia/Shanghai", verbose_name="time zone")),
                (
                    "daily_budget",
                    models.PositiveSmallIntegerField(
                        default=6, verbose_name="messages a day at most"
                    ),
                ),
                (
                    "may_wake",
                    models.BooleanField(
                        default=False, verbose_name="care that was agreed may wake me"
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notification_preference",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "notification preference",
                "verbose_name_plural": "notification preferences",
            },
        ),
        migrations.CreateModel(
            name="Patient",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.TextField(verbose_name="name")),
                (
                    "birth_date",
                    models.DateField(blank=True, null=True, verbose_name="date of birth"),
                ),
                ("zone", models.TextField(default="Asia/Shanghai", verbose_name="time zone")),
                (
                    "language",
                    models.CharField(
                        choices=[("zh-Hans", "简体中文"), ("en", "English")],
                        default="zh-Hans",
                        max_length=7,
                        verbose_name="language",
                    ),
                ),
                (
                    "record_number",
                    models.TextField(blank=True, default="", verbose_name="record number"),
                ),
                ("sync_sequence", models.BigIntegerField(default=0, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="patients",
                        to="patients.clinic",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="patients",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "patient",
                "verbose_name_plural": "patients",
                "ordering": ["name", "id"],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "invited_as",
                    models.CharField(
                        choices=[
                            ("caregiver", "caregiver"),
                            ("aide", "aide"),
                            ("guardian", "guardian"),
                            ("clinician", "clinician"),
                            ("patient", "patient"),
                            ("practitioner", "practitioner"),
                            ("coordinator", "coordinator"),
                        ],
                        max_length=12,
                        verbose_name="invited as",
                    ),
                ),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), blank=True, default=list, size=None
                    ),
                ),
                (
                    "email",
                    models.EmailField(blank=True, max_length=254, null=True, verbose_name="e-mail"),
                ),
                (
                    "phone",
                    models.CharField(blank=True, max_length=16, null=True, verbose_name="phone"),
                ),
                ("name", models.TextField(blank=True, default="", verbose_name="name")),
                ("title", models.TextField(blank=True, default="", verbose_name="title")),
                (
                    "language",
                    models.CharField(
                        choices=[("zh-Hans", "简体中文"), ("en", "English")],
                        default="zh-Hans",
                        max_length=7,
                        verbose_name="language",
                    ),
                ),
                ("code_hash", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "accepted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="patients.clinic",
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="patients.patient",
                    ),
                ),
            ],
            options={
                "verbose_name": "invitation",
                "verbose_name_plural": "invitations",
                "ordering": ["-created_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("care_record", "keep a record of my care"),
                            ("sharing", "share it with the people who help me"),
                            ("reminders", "send reminders"),
                            ("research", "use it for research"),
                        ],
                        max_length=20,
                        verbose_name="purpose",
                    ),
                ),
                (
                    "decision",
                    models.CharField(
                        choices=[("granted", "granted"), ("withdrawn", "withdrawn")],
                        max_length=10,
                        verbose_name="decision",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="when")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="patients.clinic",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to="patients.patient",
                    ),
                ),
            ],
            options={
                "verbose_name": "consent",
                "verbose_name_plural": "consents",
                "ordering": ["-at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="CareRelationship",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("caregiver", "caregiver"),
                            ("aide", "aide"),
                            ("guardian", "guardian"),
                            ("clinician", "clinician"),
                        ],
                        max_length=12,
                        verbose_name="role",
                    ),
                ),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(
                            choices=[
                                ("see_sessions", "see sessions"),
                                ("log_sessions", "log sessions"),
                                ("see_conditions", "see conditions"),
                                ("see_diet", "see diet"),
                                ("receive_alerts", "receive alerts"),
                                ("manage", "manage who helps"),
                            ]
                        ),
                        size=None,
                        verbose_name="rights",
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="starts")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="care_relationships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="patients.clinic",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="care_relationships",
                        to="patients.patient",
                    ),
                ),
            ],
            options={
                "verbose_name": "care relationship",
                "verbose_name_plural": "care relationships",
                "ordering": ["starts_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Practitioner",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("title", models.TextField(blank=True, default="", verbose_name="title")),
                (
                    "is_coordinator",
                    models.BooleanField(default=False, verbose_name="coordinates the clinic"),
                ),
                ("starts_at", models.DateTimeField(verbose_name="starts")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="practitioners",
                        to="patients.clinic",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "practitioner",
                "verbose_name_plural": "practitioners",
                "ordering": ["starts_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="DutyShift",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("weekday", models.SmallIntegerField(verbose_name="weekday, Monday is 0")),
                ("starts", models.TimeField(verbose_name="starts")),
                ("ends", models.TimeField(verbose_name="ends")),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="duty_shifts",
                        to="patients.clinic",
                    ),
                ),
                (
                    "deputy",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deputised_shifts",
                        to="patients.practitioner",
                    ),
                ),
                (
                    "practitioner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duty_shifts",
                        to="patients.practitioner",
                    ),
                ),
            ],
            options={
                "verbose_name": "duty shift",
                "verbose_name_plural": "duty shifts",
                "ordering": ["weekday", "starts", "id"],
            },
        ),
        migrations.CreateModel(
            name="UserSession",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("key_hash", models.CharField(max_length=64, unique=True)),
                ("auth_hash", models.CharField(blank=True, default="", max_length=128)),
                ("session_data", models.TextField()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("expire_date", models.DateTimeField(db_index=True)),
                ("last_seen_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sessions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "session",
                "verbose_name_plural": "sessions",
            },
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("email__isnull", False), ("phone__isnull", False), _connector="OR"
                ),
                name="user_has_email_or_phone",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("email__isnull", True),
                    models.Q(
                        ("email", django.db.models.functions.text.Lower("email")),
                        models.Q(("email", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="user_email_is_lower_case",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("phone__isnull", True),
                    ("phone__regex", "^\\+[1-9][0-9]{6,14}$"),
                    _connector="OR",
                ),
                name="user_phone_is_international",
            ),
        ),
        migrations.AddConstraint(
            model_name="contactpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(("channel__in", ["email", "sms", "push", "webhook"])),
                name="contactpoint_channel_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="contactpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(("address", ""), _negated=True),
                name="contactpoint_has_an_address",
            ),
        ),
        migrations.AddConstraint(
            model_name="contactpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("retired_at__isnull", True), ("retired_reason", "")),
                    models.Q(
                        ("retired_at__isnull", False),
                        models.Q(("retired_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="contactpoint_retired_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="contactpoint",
            constraint=models.UniqueConstraint(
                condition=models.Q(("retired_at__isnull", True)),
                fields=("user", "channel", "address"),
                name="contactpoint_once_per_account",
            ),
        ),
        migrations.AddConstraint(
            model_name="notificationpreference",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("quiet_from__isnull", True), ("quiet_until__isnull", True)),
                    models.Q(("quiet_from__isnull", False), ("quiet_until__isnull", False)),
                    _connector="OR",
                ),
                name="notificationpreference_quiet_from_with_until",
            ),
        ),
        migrations.AddConstraint(
            model_name="notificationpreference",
            constraint=models.CheckConstraint(
                condition=models.Q(("daily_budget__lte", 100)),
                name="notificationpreference_budget_is_sane",
            ),
        ),
        migrations.AddConstraint(
            model_name="patient",
            constraint=models.UniqueConstraint(fields=("id", "clinic"), name="patient_id_clinic"),
        ),
        migrations.AddConstraint(
            model_name="patient",
            constraint=models.UniqueConstraint(
                condition=models.Q(("user__isnull", False)),
                fields=("clinic", "user"),
                name="patient_one_per_account_and_clinic",
            ),
        ),
        migrations.AddConstraint(
            model_name="patient",
            constraint=models.UniqueConstraint(
                condition=models.Q(("record_number", ""), _negated=True),
                fields=("clinic", "record_number"),
                name="patient_record_number_is_unique",
            ),
        ),
        migrations.AddConstraint(
            model_name="patient",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="patient_has_a_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="patient",
            constraint=models.CheckConstraint(
                condition=models.Q(("sync_sequence__gte", 0)),
                name="patient_sync_sequence_counts_up",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "invited_as__in",
                        [
                            "caregiver",
                            "aide",
                            "guardian",
                            "clinician",
                            "patient",
                            "practitioner",
                            "coordinator",
                        ],
                    )
                ),
                name="invitation_role_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("invited_as__in", ["practitioner", "coordinator"]), ("patient", None)
                    ),
                    models.Q(
                        models.Q(
                            ("invited_as__in", ["practitioner", "coordinator"]), _negated=True
                        ),
                        ("patient__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="invitation_has_a_patient_unless_staff",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "scopes__contained_by",
                        [
                            "see_sessions",
                            "log_sessions",
                            "see_conditions",
                            "see_diet",
                            "receive_alerts",
                            "manage",
                        ],
                    )
                ),
                name="invitation_scopes_are_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("accepted_at__isnull", True), ("accepted_by__isnull", True)),
                    models.Q(("accepted_at__isnull", False), ("accepted_by__isnull", False)),
                    _connector="OR",
                ),
                name="invitation_accepted_at_with_accepted_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("accepted_at__isnull", True), ("revoked_at__isnull", True), _connector="OR"
                ),
                name="invitation_accepted_or_revoked",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_at__gt", models.F("created_at"))),
                name="invitation_expires_later",
            ),
        ),
        migrations.AddIndex(
            model_name="consent",
            index=models.Index(
                fields=["patient", "purpose", "-at"], name="consent_patient_purpose_at"
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("purpose__in", ["care_record", "sharing", "reminders", "research"])
                ),
                name="consent_purpose_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(("decision__in", ["granted", "withdrawn"])),
                name="consent_decision_is_known",
            ),
        ),
        migrations.AddIndex(
            model_name="carerelationship",
            index=models.Index(fields=["user", "patient"], name="carerelationship_user_patient"),
        ),
        migrations.AddConstraint(
            model_name="carerelationship",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ["caregiver", "aide", "guardian", "clinician"])),
                name="carerelationship_role_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="carerelationship",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "scopes__contained_by",
                        [
                            "see_sessions",
                            "log_sessions",
                            "see_conditions",
                            "see_diet",
                            "receive_alerts",
                            "manage",
                        ],
                    ),
                    ("scopes__len__gt", 0),
                ),
                name="carerelationship_scopes_are_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="carerelationship",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                    models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                    _connector="OR",
                ),
                name="carerelationship_ended_at_with_ended_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="carerelationship",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_at__isnull", True),
                    ("ended_at__gte", models.F("starts_at")),
                    _connector="OR",
                ),
                name="carerelationship_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="carerelationship",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("patient", "user"),
                name="carerelationship_one_running",
            ),
        ),
        migrations.AddIndex(
            model_name="practitioner",
            index=models.Index(fields=["user", "clinic"], name="practitioner_user_clinic"),
        ),
        migrations.AddConstraint(
            model_name="practitioner",
            constraint=models.UniqueConstraint(
                fields=("id", "clinic"), name="practitioner_id_clinic"
            ),
        ),
        migrations.AddConstraint(
            model_name="practitioner",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("clinic", "user"),
                name="practitioner_one_running_post",
            ),
        ),
        migrations.AddConstraint(
            model_name="practitioner",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                    models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                    _connector="OR",
                ),
                name="practitioner_ended_at_with_ended_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="practitioner",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_at__isnull", True),
                    ("ended_at__gte", models.F("starts_at")),
                    _connector="OR",
                ),
                name="practitioner_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="dutyshift",
            constraint=models.CheckConstraint(
                condition=models.Q(("weekday__range", (0, 6))), name="duty_shift_on_a_weekday"
            ),
        ),
        migrations.AddConstraint(
            model_name="dutyshift",
            constraint=models.CheckConstraint(
                condition=models.Q(("starts", models.F("ends")), _negated=True),
                name="duty_shift_has_a_length",
            ),
        ),
        migrations.AddConstraint(
            model_name="dutyshift",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("deputy__isnull", True),
                    models.Q(("deputy", models.F("practitioner")), _negated=True),
                    _connector="OR",
                ),
                name="duty_shift_deputy_is_another",
            ),
        ),
    ]
