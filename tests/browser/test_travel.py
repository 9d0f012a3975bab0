"""A phone that has arrived elsewhere offers to move what follows the patient, and only offers."""

from playwright.sync_api import expect

from rehab.models import PlanItem, ZoneChange
from tests.browser.conftest import SignIn
from tests.integration.web.scenes import Scene


def _follow(scene: Scene) -> None:
    with scene.cast.inside():
        PlanItem.objects.filter(series=scene.passive).update(zone_policy="follow")


def test_a_phone_in_tokyo_asks_and_the_patient_confirms(
    sign_in: SignIn, scene: Scene, complaints: list[str]
) -> None:
    _follow(scene)
    alice = sign_in("alice", timezone_id="Asia/Tokyo")
    alice.goto(scene.page("today/"))
    expect(alice.get_by_text("This device is on the time of")).to_contain_text("Tokyo")
    alice.get_by_role("link", name="Are you travelling?").click()
    expect(alice.get_by_label("Time zone")).to_have_value("Asia/Tokyo")
    with scene.cast.inside():
        assert not ZoneChange.objects.exists(), "a device alone moves nothing"

    alice.get_by_role("button", name="I am there now").click()

    expect(alice.get_by_role("status")).to_contain_text("Tokyo")
    expect(alice.get_by_text("This device is on the time of")).to_be_hidden()
    with scene.cast.inside():
        assert ZoneChange.objects.get().zone == "Asia/Tokyo"
    assert complaints == []


def test_a_phone_at_home_asks_nothing(sign_in: SignIn, scene: Scene, complaints: list[str]) -> None:
    _follow(scene)
    alice = sign_in("alice", timezone_id="Asia/Chongqing")
    alice.goto(scene.page("today/"))
    expect(alice.get_by_role("heading", level=1)).to_be_visible()
    expect(alice.get_by_text("This device is on the time of")).to_be_hidden()
    assert complaints == []


def test_without_script_nothing_is_claimed_and_the_zone_can_be_chosen(
    sign_in: SignIn, scene: Scene
) -> None:
    _follow(scene)
    alice = sign_in("alice", java_script_enabled=False, timezone_id="Asia/Tokyo")
    alice.goto(scene.page("today/"))
    expect(alice.get_by_text("This device is on the time of")).to_be_hidden()
    alice.goto(scene.page("clock/"))
    alice.get_by_label("Time zone").select_option("Asia/Tokyo")
    alice.get_by_role("button", name="I am there now").click()
    expect(alice.get_by_role("status")).to_contain_text("Tokyo")
