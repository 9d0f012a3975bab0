"""A real Chromium in front of a real server, at a fixed moment."""

import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.core.cache import cache
from playwright.sync_api import Browser, Page, sync_playwright

from tests.chromium import MISSING, chromium

if TYPE_CHECKING:
    from tests.integration.web.scenes import Scene

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}
PATIENCE_MS = 15_000

SignIn = Callable[..., Page]


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    """One browser a module: while it runs, nothing else may run an event loop in this thread."""
    program = chromium()
    if program is None:
        pytest.fail(MISSING)
    # Playwright's own loop runs in this thread; the ORM is used beside it and never inside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def scene(transactional_db: None) -> Iterator["Scene"]:
    """The scene of the page tests, at its moment; the clock goes on from there."""
    from tests.integration.web.scenes import NOW, make_scene
    from tests.people import make_cast

    made = make_scene(make_cast())
    with time_machine.travel(NOW, tick=True):
        yield made


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained about: refused scripts and styles, errors, failed requests."""
    return []


@pytest.fixture
def open_browser(
    chrome: Browser, live_server: Any, complaints: list[str]
) -> Iterator[Callable[..., Page]]:
    contexts = []

    def opened(*, language: str = "en", size: dict[str, int] = PHONE, **facts: Any) -> Page:
        context = chrome.new_context(
            base_url=live_server.url,
            viewport=size,
            locale={"en": "en-GB"}.get(language, "zh-CN"),
            **facts,
        )
        context.set_default_timeout(PATIENCE_MS)
        context.add_cookies(
            [{"name": "django_language", "value": language, "url": live_server.url}]
        )
        page = context.new_page()
        page.on("console", lambda said: _note(complaints, said))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        contexts.append(context)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(autouse=True)
def _nobody_has_tried_yet(engines: None) -> None:
    """Many sign-ins in one minute are refused, as they should be; each test begins anew."""
    cache.clear()


@pytest.fixture
def sign_in(open_browser: Callable[..., Page], scene: "Scene") -> SignIn:
    """Sign in through the page, as a person does; `language` is that of the pages."""
    from tests.people import PASSWORD

    def signed_in(name: str, *, language: str = "en", **facts: Any) -> Page:
        user = getattr(scene.cast, name)
        user.language = {"en": "en"}.get(language, "zh-Hans")
        user.save(update_fields=["language"])
        page = open_browser(language=language, **facts)
        page.goto("/accounts/login/")
        page.fill("input[name=login]", user.email)
        page.fill("input[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url(lambda url: "/accounts/login/" not in url)
        return page

    return signed_in


def _note(complaints: list[str], said: Any) -> None:
    # A refused value answers 422 with the form: the browser reports it, a person sees the form.
    if said.type in ("error", "warning") and "status of 422" not in said.text:
        complaints.append(said.text)
