import pytest
from django.urls import reverse

from exercises.models import Exercise
from tests.people import browser_of, make_user

pytestmark = pytest.mark.usefixtures("content")


@pytest.fixture
def staff():
    return browser_of(make_user("steve", is_staff=True))


@pytest.mark.parametrize(
    "model",
    [
        *("condition", "contentversion", "contraindication", "exercise", "modality"),
        *("precaution", "protocol", "source", "guidance", "food", "recipe", "instrument"),
        *("conflict", "allergen", "interaction", "substance", "timewindow"),
    ],
)
def test_staff_can_look_at_the_catalogue(staff, model):
    assert staff.get(reverse(f"admin:exercises_{model}_changelist")).status_code == 200


def test_nobody_changes_the_catalogue_in_the_admin(staff):
    turning = Exercise.objects.get(slug="turning")
    change = reverse("admin:exercises_exercise_change", args=[turning.pk])

    assert staff.get(change).status_code == 200
    assert staff.post(change, {"slug": "juggling"}).status_code == 403
    assert staff.get(reverse("admin:exercises_exercise_add")).status_code == 403
    assert (
        staff.post(reverse("admin:exercises_exercise_delete", args=[turning.pk])).status_code == 403
    )
