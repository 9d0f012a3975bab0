"""Pages about accounts and people."""

from django.urls import path

from patients.web import account, break_glass, care_circle, contact, invitations

app_name = "people"
urlpatterns = [
    path("invitation/", invitations.accept, name="accept-invitation"),
    path("account/", account.account, name="account"),
    path("account/profile/", account.edit_profile, name="edit-profile"),
    path("account/contact-points/", contact.add, name="add-contact-point"),
    path(
        "account/contact-points/<uuid:contact_point_id>/remove/",
        contact.remove,
        name="remove-contact-point",
    ),
    path(
        "account/contact-points/<uuid:contact_point_id>/code/",
        contact.confirm_code,
        name="confirm-code",
    ),
    path(
        "account/contact-points/<uuid:contact_point_id>/reminders/",
        contact.remind_again,
        name="remind-again",
    ),
    path("account/stop-reminders/<str:token>/", contact.stop_reminders, name="stop-reminders"),
    path("account/quiet-hours/", account.set_quiet_hours, name="set-quiet-hours"),
    path("account/confirm/<str:token>/", contact.confirm_address, name="confirm-address"),
    path("patients/register/", care_circle.register, name="register-patient"),
    path("open-record/", break_glass.by_number, name="break-glass"),
    path(
        "patients/<uuid:patient_id>/open-record/",
        break_glass.of_patient,
        name="break-glass-patient",
    ),
    path("patients/<uuid:patient_id>/helpers/", care_circle.helpers, name="helpers"),
    path(
        "patients/<uuid:patient_id>/helpers/<uuid:relationship_id>/end/",
        care_circle.end,
        name="end-relationship",
    ),
]
