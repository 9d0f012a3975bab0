"""A real Chromium shows what is pushed, and nothing that it should not."""

import json
from dataclasses import dataclass
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import CDPSession, Page, expect

from patients.models import ContactPoint
from rehab.channels import Message, push
from tests.browser.conftest import SignIn
from tests.browser.test_for_everybody import _small_targets as small_targets
from tests.integration.channels.browser_keys import BrowserKeys
from tests.integration.channels.conftest import GROUP, MESSAGE
from tests.integration.web.scenes import Scene

# Headless Chromium has no push service to sign up with: this stands in for it, with real keys.
PUSH_SERVICE = """([endpoint, keys]) => {
  let signedUp = null;
  const subscription = {
    endpoint,
    toJSON: () => ({ endpoint, expirationTime: null, keys }),
    unsubscribe: async () => { signedUp = null; return true; },
  };
  PushManager.prototype.getSubscription = async () => signedUp;
  PushManager.prototype.subscribe = async (options) => {
    window.signedUpWith = options.applicationServerKey.byteLength;
    signedUp = subscription;
    return subscription;
  };
}"""


READ_NOTIFICATIONS = """async () =>
  (await (await navigator.serviceWorker.ready).getNotifications())
    .map(({title, body, tag, lang, data}) => ({title, body, tag, lang, data}))"""


@dataclass
class Device:
    """A page of ours with its service worker, and the browser's own way to hand it a push."""

    page: Page
    session: CDPSession
    registration: str

    def deliver(self, data: str) -> None:
        """Hand over a decrypted message, as the browser does after opening it."""
        origin = self.page.evaluate("location.origin")
        told = {"origin": origin, "registrationId": self.registration, "data": data}
        self.session.send("ServiceWorker.deliverPushMessage", told)

    def shown(self) -> list[dict]:
        """What notifications stand on the screen; at least one is waited for."""
        for _ in range(50):
            found: list[dict] = self.page.evaluate(READ_NOTIFICATIONS)
            if found:
                return found
            self.page.wait_for_timeout(100)
        return []


@pytest.fixture
def device(sign_in: SignIn, live_server) -> Device:
    page = sign_in("alice")
    page.context.grant_permissions(["notifications"], origin=live_server.url)
    page.goto("/account/")
    page.evaluate(
        "navigator.serviceWorker.register('/sw.js').then(() => navigator.serviceWorker.ready)"
    )
    session = page.context.new_cdp_session(page)
    return Device(page, session, registration_of(session, page))


def registration_of(session: CDPSession, page: Page) -> str:
    ids: list[str] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: ids.extend(each["registrationId"] for each in told["registrations"]),
    )
    session.send("ServiceWorker.enable")
    for _ in range(50):
        if ids:
            break
        page.wait_for_timeout(100)
    return ids[-1]


def message(keys: BrowserKeys, link: str, **facts) -> Message:
    given = {"wording": "due", "language": "zh-hans", "count": 2, **facts}
    address = keys.subscription("https://push.example.org/1")
    return Message(id=MESSAGE, group=GROUP, address=address, link=link, **given)


def test_what_was_sealed_for_it_is_opened_and_shown(device: Device, live_server) -> None:
    keys = BrowserKeys()
    sealed = push.seal(message(keys, f"{live_server.url}/care/"))
    device.deliver(keys.open(sealed).decode())
    assert device.shown() == [
        {
            "title": "时间到了",
            "body": "今天清单上有 2 项现在该做了。",
            "tag": UUID(GROUP).hex,
            "lang": "zh-hans",
            "data": {"link": f"{live_server.url}/care/"},
        }
    ]


def test_a_repeat_takes_the_place_of_what_it_repeats(device: Device, live_server) -> None:
    for count in (2, 3):
        said = message(BrowserKeys(), live_server.url, count=count, language="en")
        device.deliver(push.payload(said).decode())
        device.page.wait_for_timeout(500)
    assert [each["body"] for each in device.shown()] == ["3 things on today's list are due now."]


def test_what_cannot_be_read_still_says_to_look(device: Device) -> None:
    for data in ("", "not json", "[]", "null", '{"title": 5, "body": "x"}'):
        device.deliver(data)
        device.page.wait_for_timeout(300)
    assert {each["title"] for each in device.shown()} == {"今天的清单 · Today's list"}
    assert len(device.shown()) == 5


def test_what_was_shown_is_confirmed_to_us_and_to_nobody_else(device: Device) -> None:
    asked: list[tuple[str, str]] = []
    device.page.context.on("request", lambda each: asked.append((each.method, each.url)))
    for receipt in ("/received/proof/", "https://elsewhere.example.org/received/x/", "/care/"):
        said = {"title": "It is time", "body": "One thing", "receipt": receipt}
        device.deliver(json.dumps(said))
        device.page.wait_for_timeout(500)
    assert len(device.shown()) == 3
    origin = device.page.evaluate("location.origin")
    told = [each for each in asked if "icon" not in each[1]]
    assert told == [("POST", f"{origin}/received/proof/")]


def test_the_worker_keeps_nothing_on_the_device(device: Device) -> None:
    device.page.goto("/account/")
    assert device.page.evaluate("caches.keys()") == []


def test_a_device_is_signed_up_and_signed_off_in_the_settings(
    sign_in: SignIn, scene: Scene, live_server, complaints: list[str]
) -> None:
    page = sign_in("alice")
    page.context.grant_permissions(["notifications"], origin=live_server.url)
    subscription = json.loads(BrowserKeys().subscription("https://push.example.org/1"))
    arguments = json.dumps([subscription["endpoint"], subscription["keys"]])
    page.add_init_script(f"({PUSH_SERVICE})({arguments})")
    page.goto("/account/")
    page.get_by_role("button", name="Turn on notifications here").click()
    expect(page.get_by_text("Notifications are on for this device.")).to_be_visible()
    assert page.evaluate("window.signedUpWith") == 65
    point = ContactPoint.objects.get(user=scene.cast.alice, channel="push")
    assert point.verified_at is not None
    page.get_by_role("button", name="Turn off here").click()
    expect(page.get_by_role("button", name="Turn on notifications here")).to_be_visible()
    point.refresh_from_db()
    assert point.retired_reason == "removed"
    assert complaints == []


def test_a_browser_that_forbids_notifications_is_told_what_to_do(sign_in: SignIn) -> None:
    page = sign_in("alice")
    page.add_init_script("Object.defineProperty(Notification, 'permission', {get: () => 'denied'})")
    page.goto("/account/")
    expect(page.get_by_text("Notifications are blocked for this page.")).to_be_visible()


def test_a_browser_that_cannot_is_told_so(sign_in: SignIn) -> None:
    page = sign_in("alice")
    page.add_init_script("delete window.PushManager")
    page.goto("/account/")
    expect(page.get_by_text("This browser cannot show our notifications.")).to_be_visible()
    expect(page.get_by_role("button", name="Turn on notifications here")).to_be_hidden()


def test_everybody_can_use_the_settings_with_every_kind_of_address(
    sign_in: SignIn, scene: Scene
) -> None:
    alice = scene.cast.alice
    now = scene.cast.bobs_relationship.starts_at
    for channel, address, facts in (
        ("push", BrowserKeys().subscription("https://push.example.org/1"), {"verified_at": now}),
        ("sms", "+8613800138000", {}),
        ("webhook", "https://hook.example.org/", {"secret": "s", "verified_at": now}),
        ("email", "alice@work.test", {"verified_at": now, "reminders_off_at": now}),
    ):
        ContactPoint.objects.create(user=alice, channel=channel, address=address, **facts)
    page = sign_in("alice", language="zh-hans")
    page.goto("/account/")
    assert page.get_by_role("button", name="测试").count() >= 3
    assert Axe().run(page).response["violations"] == []
    assert small_targets(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
