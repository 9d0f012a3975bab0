"""Reading and signing as people do it: a caregiver with one hand, a clinician at a desk."""

from playwright.sync_api import expect

from tests.browser.conftest import DESK, SignIn
from tests.integration.web.scenes import Scene


def test_a_caregiver_finds_how_it_goes_without_script(
    sign_in: SignIn, scene: Scene, complaints: list[str]
) -> None:
    bob = sign_in("bob", java_script_enabled=False)
    bob.goto(scene.page("today/"))
    bob.get_by_role("link", name="Learn", exact=True).click()
    bob.get_by_role("link", name="Exercises, step by step").click()
    bob.get_by_role("link", name="Passive shoulder flexion").first.click()
    expect(bob.get_by_role("heading", name="How it goes")).to_be_visible()
    expect(bob.locator("main")).to_contain_text("no further than 90°")
    expect(bob.locator("main svg[role=img]")).to_be_visible()
    bob.get_by_role("link", name="Steps", exact=True).click()
    expect(bob.locator("#steps")).to_be_in_viewport()
    assert complaints == []


def test_searching_in_chinese_on_a_phone(
    sign_in: SignIn, scene: Scene, complaints: list[str]
) -> None:
    alice = sign_in("alice", language="zh-hans")
    alice.goto(scene.page("eat/"))
    alice.get_by_label("在“学习”和“饮食”里搜索").fill("被动")
    alice.keyboard.press("Enter")
    expect(alice.get_by_role("heading", level=1)).to_contain_text("找到")
    alice.locator("a.cover").first.click()
    expect(alice.locator("main")).to_contain_text("证据有多扎实")
    assert complaints == []


def test_a_clinician_reads_signs_and_the_patient_sees_it(
    sign_in: SignIn, scene: Scene, complaints: list[str]
) -> None:
    item = scene.page("learn/guidance/avoid-misuse/")
    alice = sign_in("alice")
    alice.goto(item)
    expect(alice.locator("main")).to_contain_text("Not yet reviewed by your clinic")

    dana = sign_in("dana", size=DESK)
    dana.get_by_role("link", name="Content", exact=True).click()
    dana.get_by_text("Narrow the list").click()
    dana.get_by_label("Kind").select_option("guidance")
    dana.get_by_label("Words in it").fill("hurried training")
    dana.get_by_role("button", name="Show", exact=True).click()
    dana.get_by_role("link", name="Harm from wrong or hurried training").click()
    expect(dana.get_by_role("heading", name="The whole wording")).to_be_visible()
    dana.get_by_role("button", name="Sign it", exact=True).click()
    expect(dana.get_by_role("status")).to_contain_text("1 item is signed")
    expect(dana.locator("main")).to_contain_text("Signed by Dana")

    alice.reload()
    expect(alice.locator("main")).to_contain_text("Reviewed by your clinic")
    dana.get_by_role("button", name="Withdraw the signature").click()
    alice.reload()
    expect(alice.locator("main")).to_contain_text("Not yet reviewed by your clinic")
    assert complaints == []
