"""What stands beside a measured value, in words: on the form, in the list and on its page."""

from django.utils.translation import gettext as _

from exercises import reference
from rehab.domain.instruments import CANNOT_FEEL, NOT_TESTABLE, UNABLE
from rehab.web.forms.fields import Options


def answer_words() -> dict[str, str]:
    return {
        UNABLE: _("Not able to do it"),
        CANNOT_FEEL: _("Cannot feel here"),
        NOT_TESTABLE: _("Not testable"),
    }


def fact_options() -> dict[str, Options]:
    return {
        "side": [("left", _("Left")), ("right", _("Right")), ("none", _("No side"))],
        "active_or_passive": [("active", _("Active")), ("passive", _("Passive"))],
        "knee_position": [
            ("straight", _("Knee straight")),
            ("bent", _("Knee bent")),
            ("not_applicable", _("Does not matter here")),
        ],
        "swelling": [("yes", _("Swollen")), ("no", _("Not swollen"))],
    }


def fact_label(name: str) -> str:
    return {
        "side": _("Side"),
        "muscle": _("Muscle"),
        "motion": _("Motion"),
        "site": _("Where on the body"),
        "active_or_passive": _("Active or passive"),
        "angle_instrument": _("Measured with"),
        "knee_position": _("Position of the knee"),
        "landmark_distance_cm": _("Distance from the landmark"),
        "device": _("Device"),
        "distance_m": _("Measured distance"),
        "walking_aid": _("Walking aid"),
        "swelling": _("Swelling"),
        "version": _("Version of the form"),
        "rater": _("Certified rater"),
        "scale": _("Scale"),
        "value_set": _("Value set of which country"),
    }.get(name, name)


def fact_words(name: str, value: object, language: str) -> str:
    """What stands beside a value, in words: "Left", "Biceps"."""
    if name == "muscle" and value in reference.muscles():
        return reference.muscles()[str(value)].labels[language]
    if name == "motion" and value in reference.motions():
        return reference.motions()[str(value)].labels[language]
    return str(dict(fact_options().get(name, ())).get(str(value), value))
