"""Pages that everybody can use: axe, size of what is tapped, large text, keyboard, no surprises."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, SignIn
from tests.integration.web.scenes import Scene

# WCAG 2.2 asks for 24 px; a weak hand needs 44.
LEAST_TARGET_PX = 44
# A 390 px phone at twice the text size has no more room than this.
NARROWEST_PX = 320
TARGETS = (
    "a.button, button, .text-button, .tabs a, a.back, .brand,"
    " input:not([type=hidden]), select, textarea, summary"
)


def _pages(scene: Scene) -> dict[str, list[str]]:
    """Every kind of page, by who looks at it."""
    plan = f"/plans/{scene.plan.pk}"
    return {
        "alice": [
            scene.page("today/"),
            scene.due(scene.passive, "s2"),
            scene.due(scene.stimulation, "s1"),
            scene.due(scene.stimulation, "s1", "as-planned/"),
            scene.due(scene.passive, "s2", "skip/"),
            scene.page(f"items/{scene.passive}/stop/"),
            scene.page("outside-the-plan/"),
            scene.page("learn/"),
            scene.page("learn/?q=skin"),
            scene.page("learn/topics/daily_life/"),
            scene.page("learn/guidance/avoid-misuse/"),
            scene.page("learn/exercises/"),
            scene.page("learn/exercises/prom-shoulder-flexion/"),
            scene.page("learn/sources/denervated-muscle-review/"),
            scene.page("eat/"),
            scene.page("eat/foods/soybean/"),
            scene.page("eat/foods/peanut_raw/"),
            scene.page("eat/diary/"),
            scene.page("eat/taken/"),
            scene.page("assessments/"),
            scene.page("assessments/new/"),
            scene.page("assessments/new/pain_nrs/"),
            scene.page("history/"),
            scene.page("progress/"),
            scene.page("device-file/"),
            "/help/figures/",
            scene.page("plan/"),
            scene.page("calendar/"),
            scene.page("clock/"),
            "/account/",
        ],
        "bob": ["/care/", scene.page("today/")],
        "dana": [
            "/caseload/",
            "/duty/",
            f"/clinics/{scene.cast.clinic.pk}/away/",
            "/flags/answered/",
            scene.page("flags/"),
            "/content/",
            "/content/items/exercise/skin-check/",
            "/content/conflicts/",
            "/content/sources/",
            "/content/sources/denervated-muscle-review/",
            scene.page(""),
            scene.page("profile/"),
            scene.page("eat/plan/"),
            scene.page("assessments/new/grip/"),
            scene.page("plan/"),
            scene.page("plans/new/"),
            f"{plan}/edit/",
            scene.page("progress/?weeks=6"),
            "/open-record/",
            "/nothing/",
        ],
        "erin": [
            f"/clinics/{scene.cast.clinic.pk}/rota/",
            f"/clinics/{scene.cast.clinic.pk}/hours/",
        ],
    }


@pytest.mark.parametrize(
    ("language", "size", "scheme"), [("zh-hans", PHONE, "light"), ("en", DESK, "dark")]
)
def test_axe_finds_nothing(
    sign_in: SignIn,
    scene: Scene,
    language: str,
    size: dict[str, int],
    scheme: str,
    complaints: list[str],
) -> None:
    found = {}
    for name, addresses in _pages(scene).items():
        page = sign_in(name, language=language, size=size, color_scheme=scheme)
        for address in addresses:
            page.goto(address)
            for summary in page.locator("details > summary").all():
                summary.evaluate("each => each.parentElement.open = true")
            violations = Axe().run(page).response["violations"]
            if violations:
                found[address] = [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in violations]
    assert found == {}
    assert [each for each in complaints if "404" not in each] == []


def test_whatever_is_tapped_is_large_enough(sign_in: SignIn, scene: Scene) -> None:
    small = {}
    for name, addresses in _pages(scene).items():
        page = sign_in(name)
        for address in addresses:
            page.goto(address)
            if too_small := _small_targets(page):
                small[address] = too_small
    assert small == {}


def test_nothing_is_cut_off_at_twice_the_text_size(sign_in: SignIn, scene: Scene) -> None:
    wide = {}
    for name, addresses in _pages(scene).items():
        page = sign_in(name, size={"width": NARROWEST_PX, "height": 640})
        for address in addresses:
            page.goto(address)
            width = page.evaluate("document.documentElement.scrollWidth")
            if width > NARROWEST_PX:
                wide[address] = width
    assert wide == {}


def test_the_keyboard_reaches_the_content_first(sign_in: SignIn, scene: Scene) -> None:
    page = sign_in("alice")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to the content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_an_answer_that_stops_training_says_so_at_once(sign_in: SignIn, scene: Scene) -> None:
    page = sign_in("alice")
    page.goto(scene.due(scene.stimulation, "s1", "as-planned/"))
    warning = page.get_by_text("training should not start or go on").first
    expect(warning).to_be_hidden()
    page.get_by_label("Looked, broken, blistered or open").check()
    expect(warning).to_be_visible()


def _small_targets(page: Page) -> list[str]:
    """Buttons, fields and links that stand by themselves; a link inside a sentence is no target."""
    return page.evaluate(
        """([least, targets]) => [...document.querySelectorAll(targets)]
          .map(each => [each, each.getBoundingClientRect()])
          .filter(([each, box]) => box.width > 0 && box.height > 0 && each.checkVisibility())
          .filter(([each, box]) => box.height < least - 0.5 || box.width < least - 0.5)
          .map(([each, box]) => `${each.outerHTML.slice(0, 90)} ${box.width}x${box.height}`)""",
        [LEAST_TARGET_PX, TARGETS],
    )
