"""Pages about accounts and people."""

from django.urls import path

from patients.web import account, helpers, invitations

app_name = "people"
urlpatterns = [
    path("invitation/", invitations.accept, name="accept-invitation"),
    path("account/", account.account, name="account"),
    path("account/profile/", account.edit_profile, name="edit-profile"),
    path("account/contact-points/", account.add_contact, name="add-contact-point"),
    path(
        "account/contact-points/<uuid:contact_point_id>/remove/",
        account.remove_contact,
        name="remove-contact-point",
    ),
    path("account/quiet-hours/", account.set_quiet_hours, name="set-quiet-hours"),
    path("account/confirm/<str:token>/", account.confirm_address, name="confirm-address"),
    path("patients/register/", helpers.register, name="register-patient"),
    path("patients/<uuid:patient_id>/helpers/", helpers.helpers, name="helpers"),
    path(
        "patients/<uuid:patient_id>/helpers/<uuid:relationship_id>/end/",
        helpers.end,
        name="end-relationship",
    ),
]
