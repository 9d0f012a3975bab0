"""The main job as people do it: in Chromium, on a phone and on a desk."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, SignIn
from tests.integration.web.scenes import Scene

LARGEST_PICTURE = 200 * 1024


def _done_as_planned(page: Page, title: str) -> None:
    card = page.locator("article", has_text=title)
    card.get_by_role("link", name="Done as planned").click()


def test_two_taps_on_a_phone_and_one_to_undo(
    sign_in: SignIn, scene: Scene, complaints: list[str]
) -> None:
    page = sign_in("alice")
    _done_as_planned(page, "shoulder")
    page.get_by_role("button", name="Confirm: done as planned").click()
    expect(page.get_by_role("status")).to_contain_text("is recorded")
    expect(page.locator("#today")).to_contain_text("1 of 3 done")
    assert len(scene.logs()) == 1

    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#today")).to_contain_text("0 of 3 done")
    assert complaints == []


def test_a_passive_and_a_stimulation_session_reach_caregiver_and_clinician(
    sign_in: SignIn, scene: Scene, complaints: list[str]
) -> None:
    alice = sign_in("alice")
    _done_as_planned(alice, "shoulder")
    alice.get_by_text("Change this?").click()
    alice.get_by_label("My family did it for me").check()
    alice.get_by_role("button", name="Confirm: done as planned").click()
    expect(alice.get_by_role("status")).to_contain_text("is recorded")

    alice.goto(scene.due(scene.stimulation, "s1"))
    alice.get_by_label("Looked, nothing unusual").first.check()
    alice.fill("input[name=p0-amplitude_ma]", "600")
    alice.get_by_role("button", name="Record").click()
    expect(alice.get_by_text("Did you mean 60 mA?")).to_be_visible()
    expect(alice.locator("input[name=p0-amplitude_ma]")).to_be_focused()

    alice.fill("input[name=p0-amplitude_ma]", "90")
    alice.get_by_role("button", name="Record").click()
    expect(alice.get_by_role("heading", name="Is this right?")).to_be_visible()
    alice.get_by_role("button", name="Yes, it is right").click()
    expect(alice.get_by_role("heading", name="Whom to call")).to_be_visible()

    bob = sign_in("bob")
    expect(bob.locator("main")).to_contain_text("2 of 3 done today")
    bob.get_by_role("link", name="History").click()
    expect(bob.locator("main")).to_contain_text("A family caregiver · written by Alice")
    expect(bob.locator("main")).to_contain_text("Above the plan's limit")

    dana = sign_in("dana", size=DESK)
    expect(dana.locator("main")).to_contain_text("Same day: 1")
    dana.get_by_role("link", name="Alice").click()
    expect(dana.get_by_role("img", name="Sessions a week").first).to_be_visible()
    while (note := dana.get_by_label("What was done about it")).count():
        note.first.fill("Rang: the amplitude was set lower")
        dana.get_by_role("button", name="I have seen it").first.click()
        expect(dana.get_by_role("status")).to_contain_text("you have seen it")
    expect(dana.locator("main")).to_contain_text("None. This does not mean")
    assert complaints == []


def test_pain_stops_a_part_and_says_calmly_what_to_do(
    sign_in: SignIn, scene: Scene, complaints: list[str]
) -> None:
    page = sign_in("bob", language="zh-hans")
    page.goto(scene.due(scene.passive, "s2"))
    page.locator("input[name=p0-pain][value='8']").check()
    page.get_by_role("button", name="记录", exact=True).click()
    expect(page.get_by_role("heading", name="停止这个项目，今天就联系")).to_be_visible()
    expect(page.get_by_role("link", name="急救 120")).to_have_attribute("href", "tel:120")
    expect(page.locator("main")).to_contain_text("没有人全天候值守")
    assert complaints == []


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_a_clinician_assigns_a_plan_from_a_protocol(
    sign_in: SignIn, scene: Scene, size: dict[str, int], complaints: list[str]
) -> None:
    dana = sign_in("dana", size=size)
    dana.goto(scene.page("plan/"))
    dana.get_by_text("End this plan").click()
    dana.locator("#end-reason").fill("a new one")
    dana.get_by_role("button", name="End the plan").click()
    dana.get_by_role("link", name="Assign a plan").click()
    dana.get_by_role("link", name="Standing programme").click()
    dana.fill("input[name=title]", "Standing at home")
    for day in ("Mon", "Thu"):
        for box in dana.get_by_label(day, exact=True).all():
            box.check()
    for times in dana.locator("input[name$=times]").all():
        times.fill("11:00")
    for field in dana.locator("input[name$=minutes]:visible").all():
        name = field.get_attribute("name") or ""
        if not name.startswith("i0-p0-max") and not name.endswith("next_after_minutes"):
            field.fill("15")
    dana.get_by_role("button", name="Keep the draft and check it").click()
    expect(dana.get_by_role("heading", name="Gates")).to_be_visible()
    dana.get_by_role("button", name="Start the plan now").click()
    expect(dana.locator("main")).to_contain_text("The plan is active")
    assert complaints == []


def test_everything_works_without_script(sign_in: SignIn, scene: Scene) -> None:
    page = sign_in("alice", java_script_enabled=False)
    _done_as_planned(page, "shoulder")
    page.get_by_role("button", name="Confirm: done as planned").click()
    expect(page.get_by_role("status")).to_contain_text("is recorded")
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("heading", name="今天", exact=True)).to_be_visible()
    page.get_by_role("button", name="退出").click()
    assert len(scene.logs()) == 1


def test_the_picture_of_the_readme(
    sign_in: SignIn, scene: Scene, tmp_path: Path, complaints: list[str]
) -> None:
    """Made here, so that it shows what is there. SCREENSHOTS=docs/screenshots keeps it."""
    folder = Path(os.environ.get("SCREENSHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    page = sign_in("alice")
    _done_as_planned(page, "shoulder")
    page.get_by_role("button", name="Confirm: done as planned").click()
    expect(page.locator("#today")).to_contain_text("1 of 3 done")
    page.goto(scene.page("today/"))
    page.screenshot(path=folder / "today.png")
    assert (folder / "today.png").stat().st_size <= LARGEST_PICTURE
    assert complaints == []
