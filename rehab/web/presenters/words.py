"""Words for codes, as pages say them."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

STATES = {
    "due": (_("Due"), "leaf", "clock"),
    "done": (_("Done"), "done", "check"),
    "partial": (_("Partly done"), "done", "check"),
    "skipped": (_("Skipped"), "quiet", "skip"),
    "missed": (_("Not recorded"), "wait", "info"),
    "paused": (_("Paused"), "stop", "pause"),
    "cancelled": (_("No longer planned"), "quiet", "cross"),
}

OUTCOMES = {
    "done": _("Done"),
    "partial": _("Partly done"),
    "not_done": _("Not done"),
}

PERFORMERS = {
    "patient": _("The patient"),
    "caregiver": _("A family caregiver"),
    "aide": _("An aide"),
    "clinician": _("A clinician"),
    "other": _("Someone else"),
}

# What a reader must know about a record besides its values: (short, what it means).
MARKS = {
    "late": (_("Sent late"), _("It reached us more than 24 hours after it was done.")),
    "recalled": (_("From memory"), _("It was written down on a later day.")),
    "while_paused": (
        _("While paused"),
        _("The item was paused at that time. The record is kept and not counted."),
    ),
    "possible_duplicate": (
        _("Perhaps the same session twice"),
        _("Another record within five minutes says the same. It is counted once."),
    ),
    "received_after_access": (
        _("Sent after access ended"),
        _("The writer had access when it was done and no longer when it arrived."),
    ),
    "confirmed_unusual": (
        _("Unusual, confirmed"),
        _("A value was unusual, and the writer said that it is right."),
    ),
    "unconfirmed_unusual": (
        _("Unusual, not confirmed yet"),
        _("A value is unusual. Please say whether it is right."),
    ),
    "over_maximum": (
        _("More than the plan's maximum"),
        _("More sessions than the plan allows in a day or a week."),
    ),
    "above_prescribed_maximum": (
        _("Above the plan's limit"),
        _("A value is above the maximum in the plan."),
    ),
    "pending_confirmation": (
        _("Waiting for a clinician"),
        _("It is more than 7 days old. It counts when a clinician confirms it."),
    ),
    "clock_skew": (_("Clock was off"), _("The clock of the device differed from ours.")),
    "from_device": (_("From the device"), _("The device wrote these values down.")),
}

PLACEMENTS = {
    "slot": "",
    "extra": _("Beyond what was due"),
    "not_in_plan": _("Not in the plan at that time"),
}

LOG_STATUSES = {
    "recorded": "",
    "pending": _("Waiting for a clinician"),
    "quarantined": _("Held back: the writer had no access then"),
    "entered-in-error": _("Withdrawn"),
}

AMENDMENTS = {
    "amend": _("Corrected"),
    "retract": _("Withdrawn"),
    "confirm": _("Confirmed"),
    "merge": _("Joined with another record"),
    "adopt": _("Adopted by the clinic"),
}

PLAN_STATUSES = {
    "draft": (_("Draft"), "quiet"),
    "active": (_("Active"), "done"),
    "on-hold": (_("On hold"), "wait"),
    "completed": (_("Completed"), "quiet"),
    "revoked": (_("Withdrawn"), "quiet"),
}

KINDS = {"training": _("Training"), "care": _("Care")}

SIDES = {"none": _("No side"), "left": _("Left"), "right": _("Right"), "both": _("Both sides")}

LEVELS = {
    "E0": (_("Emergency"), "stop"),
    "E1": (_("Same day"), "stop"),
    "E2": (_("Next working day"), "wait"),
    "E3": (_("Weekly review"), "quiet"),
}

ANSWERS = {"yes": _("Yes"), "no": _("No"), "unknown": pgettext_lazy("answer", "Unknown")}

SEVERITIES = {
    "unknown": _("Yes, not known how badly"),
    "mild": _("Mild"),
    "moderate": _("Moderate"),
    "severe": _("Severe"),
    "anaphylaxis": _("Anaphylaxis"),
}

KIDNEY = {
    "unknown": pgettext_lazy("answer", "Unknown"),
    "normal": _("Healthy"),
    "reduced": _("Reduced (eGFR 30–59)"),
    "severe": _("Severely reduced (eGFR below 30), no dialysis"),
    "dialysis": _("Dialysis"),
}

SUBSTANCES = {"drug": _("Medicines"), "herb": _("Herbs"), "supplement": _("Supplements")}

INNERVATION = {
    "intact": _("Intact"),
    "partial": _("Partial"),
    "denervated": _("Denervated"),
    "unknown": pgettext_lazy("answer", "Unknown"),
}

NOT_RECORDED = _("Not recorded")

DAYS = {
    "mon": _("Mon"),
    "tue": _("Tue"),
    "wed": _("Wed"),
    "thu": _("Thu"),
    "fri": _("Fri"),
    "sat": _("Sat"),
    "sun": _("Sun"),
}

SYMPTOM_GROUPS = {
    "dysreflexia": _("Sudden signs of high blood pressure"),
    "chest": _("Chest"),
    "breathing": _("Breathing"),
    "stroke": _("Face, arm and speech"),
    "seizure": _("Seizure"),
    "clot": _("One leg or arm"),
    "fracture": _("Bone and limb"),
    "joint": _("Joint"),
    "muscle": _("Muscle"),
    "nerve": _("Movement and feeling"),
    "circulation": _("Circulation"),
    "misuse": _("Changes over time"),
    "fall": _("Fall"),
    "infection": _("Fever and infection"),
    "skin": _("Skin"),
    "splint": _("Under a splint"),
    "swallowing": _("Swallowing"),
    "metabolic": _("Blood sugar"),
    "mood": _("Mood"),
    "news": _("New since last time"),
}

# Facts that a safety rule looked at and that have no field of their own.
FACTS = {
    "pain": _("Pain"),
    "previous_pain": _("Pain the time before"),
    "pain_baseline_7d": _("Mean pain of the 7 days before"),
    "sensation": _("Feeling"),
    "skin_before": _("Skin before"),
    "skin_after": _("Skin after"),
    "sessions_today": _("Sessions that day"),
    "sessions_this_week": _("Sessions that week"),
    "maximum.sessions_per_day": _("Plan's maximum a day"),
    "maximum.sessions_per_week": _("Plan's maximum a week"),
    "while_paused": _("Done while paused"),
    "profile.spinal_cord_injury": _("Spinal cord injury"),
    "profile.injury_level": _("Injury level"),
    "effort": _("Effort"),
    "outcome": _("Outcome"),
    "off_plan": _("Outside the plan"),
    "stop_reason": _("Stopped early because of"),
    "kind": _("Kind"),
    "modality": _("Kind of treatment"),
    "physics": _("Nerve supply"),
}

VALUES = {
    "looked_fine": _("nothing unusual"),
    "red": _("red or changed colour"),
    "blister": _("blister"),
    "burn": _("burn"),
    "broken": _("broken skin"),
    "not_looked": _("not looked at"),
    "cannot_feel": _("cannot feel"),
    "intact": _("intact"),
    "denervated": _("denervated"),
    "training": _("Training"),
    "care": _("Care"),
    "barred": _("barred"),
    "outside": _("outside the plan"),
}

BASELINES = {
    "systolic_mmhg": _("Usual upper blood pressure (mmHg)"),
    "diastolic_mmhg": _("Usual lower blood pressure (mmHg)"),
    "pulse_per_minute": _("Usual pulse (/min)"),
    "pain": _("Usual pain (0–10)"),
    "effort": _("Highest effort agreed (0–10)"),
}

PLACES = {
    "left_arm": _("Left arm"),
    "right_arm": _("Right arm"),
    "left_hand": _("Left hand"),
    "right_hand": _("Right hand"),
    "left_leg": _("Left leg"),
    "right_leg": _("Right leg"),
    "left_foot": _("Left foot"),
    "right_foot": _("Right foot"),
    "trunk": _("Trunk"),
}

GATE_FACTS = {
    "innervation": _("Nerve supply of this muscle"),
    "injury_level": _("Injury level"),
    "spinal_cord_injury": _("Spinal cord injury"),
}
