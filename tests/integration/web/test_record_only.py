"""What happened is recorded; what is not proven is put into no plan."""

import pytest

from tests.integration.web.scenes import Scene, browser

RECORD_ONLY = ("vibration-record", "ultrasound-record", "acupuncture-record")


@pytest.mark.parametrize("slug", RECORD_ONLY)
def test_it_can_be_chosen_for_what_happened_outside_the_plan(scene: Scene, slug: str) -> None:
    page = browser(scene.cast.alice).get(scene.page("outside-the-plan/"))

    assert f'value="{slug}"' in page.content.decode()


@pytest.mark.parametrize("slug", RECORD_ONLY)
def test_it_is_offered_for_no_plan(scene: Scene, slug: str) -> None:
    page = browser(scene.cast.dana).get(scene.page("plans/new/") + "?protocol=fall-prevention")

    assert page.status_code == 200
    assert 'value="strength-sit-to-stand"' in page.content.decode()
    assert f'value="{slug}"' not in page.content.decode()
