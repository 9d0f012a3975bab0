"""A device file on a page: looked over first, joined with what was typed, nothing lost."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from rehab.actions.sessions import log_session
from rehab.domain.session_entry import SessionEntry
from tests.integration.web.scenes import ASSIGNED, NOW, Scene, browser, form_on, text_of
from tests.plans import assign, fes_cycling

HEADER = "started_at,minutes,cadence_rpm,colour\n"


@pytest.fixture
def scene(cast):
    """Alice cycles at 16:00; it is Monday, 17:50."""
    item = fes_cycling("16:00")
    plan = assign(cast, item, at=ASSIGNED, title="Cycle")
    with time_machine.travel(NOW, tick=False):
        yield Scene(cast, plan, item.series, item.series)


def chosen(client, url, body, **more):
    file = SimpleUploadedFile("rides.csv", body, content_type="text/csv")
    return client.post(url, {"zone": "Asia/Shanghai", "file": file, **more})


def test_a_file_is_looked_over_joined_with_what_was_typed_and_the_rest_can_be_corrected(scene):
    series, bob = scene.passive, browser(scene.cast.bob)
    start = datetime(2026, 10, 19, 8, 3, tzinfo=UTC)
    hand = SessionEntry(performed_at=start, zone="Asia/Shanghai", series=series, minutes=25, pain=2)
    log_session(
        by=scene.cast.bob, at=start, patient_id=scene.cast.patient.pk, log_id=uuid4(), entry=hand
    )
    url = scene.page("device-file/")
    assert url in bob.get(scene.page("history/")).content.decode()
    lines = "2026/10/19 16:00,30,45,red\n2026-10-19 09:00,20,fast,\nnoon,20,40,\n"
    seen = chosen(bob, url, (HEADER + lines).encode("gb18030"))
    words = text_of(seen.content.decode())
    assert "1 of 3 rides can be recorded. Nothing is recorded yet." in words
    assert "Also typed by hand" in words and "25 min" in words and "30 min" in words
    assert "“fast” is no number." in words and "colour" in words
    assert [log.details.get("source") for log in scene.logs()] != ["device"]
    sent = form_on(seen.content.decode(), "text")
    done = bob.post(url, {**sent, "record": "1"}).content.decode()
    (log,) = scene.logs()
    assert (log.details["source"], float(log.minutes), log.pain) == ("device", 30, 2)
    left = form_on(done, "text")["text"]
    assert left.splitlines() == [HEADER.strip(), "2026-10-19 09:00,20,fast,", "noon,20,40,"]
    page = text_of(bob.get(scene.page(f"sessions/{log.id}/")).content.decode())
    assert "By the device and by hand" in page and "25 min" in page and "30 min" in page
    again = {**sent, "text": left.replace("fast", "41").replace("noon,20,40,", ""), "record": "1"}
    bob.post(url, again)
    assert len(scene.logs()) == 2


def test_what_cannot_be_read_is_not_lost_and_says_what_to_do(scene):
    bob, url = browser(scene.cast.bob), scene.page("device-file/")
    refused = chosen(bob, url, b"when,minutes\n2026-10-19 16:00,30\n", serial="77")
    page = refused.content.decode()
    assert refused.status_code == 422 and "when,minutes" in text_of(page)
    kept = form_on(page, "text")
    assert kept["text"].splitlines()[1] == "2026-10-19 16:00,30" and kept["serial"] == "77"
    fixed = {**kept, "text": kept["text"].replace("when", "started_at")}
    assert "1 of 1 rides" in text_of(bob.post(url, fixed).content.decode())
    assert chosen(bob, url, b"\xff\xfe\x00\x81").status_code == 422
    assert browser(scene.cast.charlie).get(url).status_code == 404
