"""Below /api/v1/."""

from django.urls import path

from rehab.api import (
    assessments,
    calendars,
    caseload,
    changes,
    contact,
    content,
    corrections,
    device_imports,
    diet,
    drawings,
    entries,
    flags,
    nutrition,
    occurrences,
    plans,
    profile,
    progress,
    sessions,
    signing,
    today,
    travel,
)

PATIENT = "patients/<uuid:patient_id>"
OCCURRENCE = f"{PATIENT}/occurrences/<uuid:occurrence_id>"
LOG = f"{PATIENT}/session-logs/<uuid:log_id>"
PLAN = "plans/<uuid:plan_id>"

urlpatterns = [
    path(LOG, sessions.SessionLogView.as_view(), name="api-session-log"),
    path(f"{PATIENT}/entries", entries.EntriesView.as_view(), name="api-entries"),
    path(f"{PATIENT}/today", today.TodayView.as_view(), name="api-today"),
    path(f"{PATIENT}/session-logs", sessions.HistoryView.as_view(), name="api-session-logs"),
    path(f"{PATIENT}/profile", profile.ProfileView.as_view(), name="api-profile"),
    path(f"{PATIENT}/recipes", content.Recipes.as_view(), name="api-patient-recipes"),
    path(f"{PATIENT}/recipes/<slug:slug>", content.OneRecipe.as_view(), name="api-patient-recipe"),
    path(f"{PATIENT}/foods", content.Foods.as_view(), name="api-patient-foods"),
    path(f"{PATIENT}/foods/<slug:slug>", content.OneFood.as_view(), name="api-patient-food"),
    path(f"{PATIENT}/exercises", content.Exercises.as_view(), name="api-patient-exercises"),
    path(
        f"{PATIENT}/exercises/<slug:slug>",
        content.OneExercise.as_view(),
        name="api-patient-exercise",
    ),
    path(
        f"{PATIENT}/exercises/<slug:slug>/drawing.svg",
        drawings.ExerciseDrawing.as_view(),
        name="api-patient-exercise-drawing",
    ),
    path(f"{PATIENT}/guidance", content.GuidanceList.as_view(), name="api-patient-guidance"),
    path(
        f"{PATIENT}/guidance/<slug:slug>",
        content.OneGuidance.as_view(),
        name="api-patient-guidance-item",
    ),
    path(f"{PATIENT}/search", content.Search.as_view(), name="api-patient-search"),
    path(
        f"{PATIENT}/nutrition-plan",
        nutrition.NutritionPlanCall.as_view(),
        name="api-nutrition-plan",
    ),
    path(f"{PATIENT}/assessments", assessments.Assessments.as_view(), name="api-assessments"),
    path(
        f"{PATIENT}/assessments/<uuid:assessment_id>",
        assessments.OneAssessment.as_view(),
        name="api-assessment",
    ),
    path(
        f"{PATIENT}/assessments/<uuid:assessment_id>/amend",
        assessments.AmendAssessment.as_view(),
        name="api-assessment-amend",
    ),
    path(
        f"{PATIENT}/assessments/<uuid:assessment_id>/retract",
        assessments.RetractAssessment.as_view(),
        name="api-assessment-retract",
    ),
    path(
        f"{PATIENT}/assessments/<uuid:assessment_id>/confirm",
        assessments.ConfirmAssessment.as_view(),
        name="api-assessment-confirm",
    ),
    path(
        f"{PATIENT}/device-imports",
        device_imports.DeviceImports.as_view(),
        name="api-device-imports",
    ),
    path(f"{PATIENT}/diet-logs", diet.DietLogs.as_view(), name="api-diet-logs"),
    path(f"{PATIENT}/diet-logs/<uuid:diet_log_id>", diet.OneDietLog.as_view(), name="api-diet-log"),
    path(
        f"{PATIENT}/diet-logs/<uuid:diet_log_id>/amend",
        diet.AmendDietLog.as_view(),
        name="api-diet-log-amend",
    ),
    path(
        f"{PATIENT}/diet-logs/<uuid:diet_log_id>/retract",
        diet.RetractDietLog.as_view(),
        name="api-diet-log-retract",
    ),
    path(f"{PATIENT}/substances", diet.Substances.as_view(), name="api-substances"),
    path(
        f"{PATIENT}/substances/<uuid:substance_id>/amend",
        diet.AmendSubstance.as_view(),
        name="api-substance-amend",
    ),
    path(
        f"{PATIENT}/substances/<uuid:substance_id>/retract",
        diet.RetractSubstance.as_view(),
        name="api-substance-retract",
    ),
    path(f"{PATIENT}/offline", today.OfflineView.as_view(), name="api-offline"),
    path(f"{PATIENT}/plans", plans.PatientPlans.as_view(), name="api-plans"),
    path(PLAN, plans.OnePlan.as_view(), name="api-plan"),
    path(f"{PLAN}/activate", plans.ActivatePlan.as_view(), name="api-plan-activate"),
    path(f"{PLAN}/revise", plans.RevisePlan.as_view(), name="api-plan-revise"),
    path(f"{PLAN}/hold", plans.HoldPlan.as_view(), name="api-plan-hold"),
    path(f"{PLAN}/resume", plans.ResumePlan.as_view(), name="api-plan-resume"),
    path(f"{PLAN}/complete", plans.CompletePlan.as_view(), name="api-plan-complete"),
    path(f"{PATIENT}/occurrences", occurrences.OccurrencesView.as_view(), name="api-occurrences"),
    path(f"{OCCURRENCE}/skip", occurrences.SkipOccurrence.as_view(), name="api-occurrence-skip"),
    path(
        f"{OCCURRENCE}/snooze",
        occurrences.SnoozeOccurrence.as_view(),
        name="api-occurrence-snooze",
    ),
    path(f"{LOG}/amend", corrections.AmendSession.as_view(), name="api-session-log-amend"),
    path(f"{LOG}/retract", corrections.RetractSession.as_view(), name="api-session-log-retract"),
    path(f"{LOG}/confirm", corrections.ConfirmSession.as_view(), name="api-session-log-confirm"),
    path(f"{LOG}/merge", corrections.MergeSession.as_view(), name="api-session-log-merge"),
    path(f"{LOG}/adopt", corrections.AdoptSession.as_view(), name="api-session-log-adopt"),
    path(f"{PATIENT}/clock", travel.Clock.as_view(), name="api-clock"),
    path(
        f"{PATIENT}/calendar-feeds",
        calendars.CalendarFeeds.as_view(),
        name="api-calendar-feeds",
    ),
    path(
        f"{PATIENT}/calendar-feeds/<uuid:feed_id>/revoke",
        calendars.RevokeCalendarFeed.as_view(),
        name="api-calendar-feed-revoke",
    ),
    path(f"{PATIENT}/progress", progress.ProgressView.as_view(), name="api-progress"),
    path(f"{PATIENT}/changes", changes.ChangesView.as_view(), name="api-changes"),
    path(
        "content-signatures",
        signing.ContentSignatures.as_view(),
        name="api-content-signatures",
    ),
    path(
        "content-signatures/<uuid:signature_id>/withdraw",
        signing.WithdrawSignature.as_view(),
        name="api-content-signature-withdraw",
    ),
    path(
        "content-signatures/items/<slug:kind>/<slug:slug>",
        signing.SignableItem.as_view(),
        name="api-signable-item",
    ),
    path("caseload", caseload.CaseloadView.as_view(), name="api-caseload"),
    path("flags", flags.FlagsView.as_view(), name="api-flags"),
    path(
        "flags/<uuid:flag_id>/acknowledge",
        flags.AcknowledgeFlag.as_view(),
        name="api-flag-acknowledge",
    ),
    path(
        "me/contact-points/<uuid:contact_point_id>/test",
        contact.ContactPointTest.as_view(),
        name="api-contact-point-test",
    ),
]
