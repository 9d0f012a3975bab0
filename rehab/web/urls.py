"""The programme's pages."""

from django.urls import path

from rehab.web import (
    alerts,
    due,
    events,
    history,
    home,
    patient,
    people,
    plan_status,
    plans,
    profile,
    sessions,
    today,
)

app_name = "rehab"
urlpatterns = [
    path("", home.home, name="home"),
    path("language/", home.language, name="language"),
    path("care/", people.care, name="care"),
    path("caseload/", people.caseload, name="caseload"),
    path("patients/<uuid:patient_id>/", patient.patient, name="patient"),
    path("patients/<uuid:patient_id>/today/", today.today, name="today"),
    path("patients/<uuid:patient_id>/due/<uuid:occurrence_id>/", sessions.log, name="log"),
    path(
        "patients/<uuid:patient_id>/due/<uuid:occurrence_id>/as-planned/",
        sessions.quick,
        name="quick",
    ),
    path("patients/<uuid:patient_id>/due/<uuid:occurrence_id>/skip/", due.skip, name="skip"),
    path("patients/<uuid:patient_id>/due/<uuid:occurrence_id>/unskip/", due.unskip, name="unskip"),
    path("patients/<uuid:patient_id>/due/<uuid:occurrence_id>/later/", due.snooze, name="snooze"),
    path("patients/<uuid:patient_id>/items/<uuid:series>/", sessions.log_item, name="log-item"),
    path("patients/<uuid:patient_id>/items/<uuid:series>/stop/", due.stop, name="stop"),
    path("patients/<uuid:patient_id>/alerts/<uuid:flag_id>/", alerts.alert, name="alert"),
    path("patients/<uuid:patient_id>/outside-the-plan/", events.event, name="event"),
    path("patients/<uuid:patient_id>/history/", history.history, name="history"),
    path("patients/<uuid:patient_id>/sessions/<uuid:log_id>/", history.session, name="session"),
    path("patients/<uuid:patient_id>/sessions/<uuid:log_id>/correct/", history.amend, name="amend"),
    path(
        "patients/<uuid:patient_id>/sessions/<uuid:log_id>/withdraw/",
        history.retract,
        name="retract",
    ),
    path(
        "patients/<uuid:patient_id>/sessions/<uuid:log_id>/confirm/",
        history.confirm,
        name="confirm",
    ),
    path("patients/<uuid:patient_id>/sessions/<uuid:log_id>/merge/", history.merge, name="merge"),
    path("patients/<uuid:patient_id>/sessions/<uuid:log_id>/adopt/", history.adopt, name="adopt"),
    path("patients/<uuid:patient_id>/profile/", profile.profile, name="profile"),
    path("patients/<uuid:patient_id>/plan/", plans.plan, name="plan"),
    path("patients/<uuid:patient_id>/plans/new/", plans.new, name="plan-new"),
    path("plans/<uuid:plan_id>/", plans.plan_by_id, name="plan-detail"),
    path("plans/<uuid:plan_id>/edit/", plans.edit, name="plan-edit"),
    path("plans/<uuid:plan_id>/check/", plans.check, name="plan-check"),
    path("plans/<uuid:plan_id>/hold/", plan_status.hold, name="plan-hold"),
    path("plans/<uuid:plan_id>/resume/", plan_status.resume, name="plan-resume"),
    path("plans/<uuid:plan_id>/complete/", plan_status.complete, name="plan-complete"),
    path("flags/<uuid:flag_id>/acknowledge/", patient.acknowledge, name="acknowledge"),
]
