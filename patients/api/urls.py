"""Below /api/v1/."""

from django.urls import path

from patients.api import (
    absences,
    audit,
    clinics,
    consents,
    contact,
    invitations,
    me,
    patients,
    relationships,
)

urlpatterns = [
    path("me", me.Me.as_view(), name="api-me"),
    path(
        "me/notification-preferences",
        contact.NotificationPreferences.as_view(),
        name="api-notification-preferences",
    ),
    path("me/contact-points", contact.ContactPoints.as_view(), name="api-contact-points"),
    path(
        "me/contact-points/<uuid:contact_point_id>",
        contact.OneContactPoint.as_view(),
        name="api-contact-point",
    ),
    path(
        "me/contact-points/<uuid:contact_point_id>/send-proof",
        contact.ContactPointProof.as_view(),
        name="api-contact-point-proof",
    ),
    path(
        "me/contact-points/<uuid:contact_point_id>/confirm",
        contact.ContactPointConfirm.as_view(),
        name="api-contact-point-confirm",
    ),
    path("me/push-key", contact.PushKeyCall.as_view(), name="api-push-key"),
    path("patients", patients.Patients.as_view(), name="api-patients"),
    path("patients/<uuid:patient_id>", patients.OnePatient.as_view(), name="api-patient"),
    path(
        "patients/<uuid:patient_id>/care-relationships",
        relationships.CareRelationships.as_view(),
        name="api-care-relationships",
    ),
    path(
        "patients/<uuid:patient_id>/care-relationships/<uuid:relationship_id>/end",
        relationships.EndCareRelationship.as_view(),
        name="api-care-relationship-end",
    ),
    path(
        "patients/<uuid:patient_id>/break-glass",
        relationships.BreakGlass.as_view(),
        name="api-break-glass",
    ),
    path("patients/<uuid:patient_id>/consents", consents.Consents.as_view(), name="api-consents"),
    path("patients/<uuid:patient_id>/audit", audit.PatientAudit.as_view(), name="api-audit"),
    path("invitations", invitations.Invitations.as_view(), name="api-invitations"),
    path(
        "invitations/accept",
        invitations.AcceptInvitation.as_view(),
        name="api-invitation-accept",
    ),
    path(
        "invitations/<uuid:invitation_id>/revoke",
        invitations.RevokeInvitation.as_view(),
        name="api-invitation-revoke",
    ),
    path("clinics/<uuid:clinic_id>", clinics.OneClinic.as_view(), name="api-clinic"),
    path(
        "clinics/<uuid:clinic_id>/practitioners",
        clinics.Practitioners.as_view(),
        name="api-practitioners",
    ),
    path(
        "clinics/<uuid:clinic_id>/practitioners/<uuid:practitioner_id>/end",
        clinics.EndPost.as_view(),
        name="api-post-end",
    ),
    path("clinics/<uuid:clinic_id>/absences", absences.Absences.as_view(), name="api-absences"),
    path("absences/<uuid:absence_id>/end", absences.EndAbsence.as_view(), name="api-absence-end"),
    path("clinics/<uuid:clinic_id>/duty-rota", clinics.DutyRota.as_view(), name="api-duty-rota"),
]
