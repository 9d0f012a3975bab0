import re

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation

from tests.integration.web.scenes import Scene, browser, text_of


def test_nothing_on_a_page_needs_inline_script_or_style(scene: Scene) -> None:
    dana = browser(scene.cast.dana)
    pages = [
        scene.page(""),
        scene.page("today/"),
        scene.due(scene.stimulation, "s1"),
        scene.page("profile/"),
        f"/plans/{scene.plan.pk}/edit/",
        "/caseload/",
        "/accounts/password/change/",
    ]
    for page in pages:
        html = dana.get(page).content.decode()
        assert not re.search(r"<[^>]+\s(style|on[a-z]+)=", html), page
        assert "<style" not in html and not re.search(r"<script(?![^>]*src=)", html), page


def test_the_policy_allows_only_our_own_scripts_and_styles(scene: Scene) -> None:
    policy = browser(scene.cast.alice).get(scene.page("today/")).headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy and "style-src 'self'" in policy and "unsafe" not in policy


def test_the_language_is_kept_on_the_device_and_with_the_account(scene: Scene) -> None:
    alice = browser(scene.cast.alice)
    answer = alice.post("/language/", {"language": "zh-hans", "next": scene.page("today/")})
    assert answer.headers["Location"] == scene.page("today/")
    assert answer.cookies["django_language"].value == "zh-hans"
    scene.cast.alice.refresh_from_db()
    assert scene.cast.alice.language == "zh-Hans"


def test_the_language_switch_leads_nowhere_else(db: None) -> None:
    answer = Client().post("/language/", {"language": "en", "next": "https://example.test/"})
    assert answer.headers["Location"] == "/"
    assert "django_language" not in Client().post("/language/", {"language": "xx"}).cookies


def test_a_page_that_is_not_there_says_so_calmly(scene: Scene) -> None:
    answer = browser(scene.cast.alice).get("/nothing/")
    assert answer.status_code == 404 and "not yours to see" in text_of(answer.content.decode())


def test_a_page_that_is_forbidden_says_whom_to_ask(scene: Scene) -> None:
    answer = browser(scene.cast.bob).get(scene.page("profile/"))
    assert answer.status_code == 403 and "ask the clinic" in text_of(answer.content.decode())


@pytest.mark.parametrize(
    ("name", "words"),
    [("500.html", "history before you send"), ("403_csrf.html", "nothing was saved")],
)
def test_error_pages_need_no_request(name: str, words: str, db: None) -> None:
    with translation.override("en"):
        assert words in text_of(render_to_string(name, {}))


def test_pages_are_never_kept_by_the_browser(scene: Scene) -> None:
    assert (
        "no-store" in browser(scene.cast.alice).get(scene.page("today/")).headers["Cache-Control"]
    )
