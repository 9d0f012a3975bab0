"""Calendar addresses: who makes them, what they tell, and that they end at once."""

from datetime import UTC, datetime, timedelta

import icalendar
import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from patients.actions.consent import record_consent
from patients.actions.relationships import end_relationship
from patients.domain.errors import Conflict, Invalid, NotAllowed, NotVisible
from patients.models import AuditEvent
from rehab.actions.calendar_feeds import (
    make_calendar_feed,
    open_calendar_feed,
    revoke_calendar_feed,
)
from rehab.actions.occurrences import skip_occurrence, unskip_occurrence
from rehab.actions.pauses import hold_plan
from rehab.actions.plans import revise_plan
from rehab.actions.travel import change_zone
from rehab.domain.plan_draft import PlanDraft
from rehab.domain.session_entry import SkipEntry
from rehab.models import CalendarFeed
from tests.integration.rehab.scenes import done, local, occurrences, turning
from tests.integration.rehab.ticking import tick
from tests.plans import assign, shoulder

NOW = local(18, 21)


@pytest.fixture(autouse=True)
def _nobody_has_asked_yet(engines):
    cache.clear()


@pytest.fixture
def item():
    return shoulder(zone_policy="follow")


@pytest.fixture
def plan(cast, item):
    return assign(cast, item, at=local(18, 20))


def made(cast, recipient=None, *, by=None):
    return make_calendar_feed(
        by=by or cast.alice,
        at=NOW,
        patient_id=cast.patient.pk,
        recipient_id=recipient.pk if recipient else None,
    )


def text_of(issued, *, at=NOW):
    return open_calendar_feed(
        at=at, recipient_id=issued.feed.recipient_id, secret=issued.secret
    ).text


def events_of(issued, *, at=NOW):
    calendar = icalendar.Calendar.from_ical(text_of(issued, at=at))
    return {str(each["UID"]): each for each in calendar.walk("VEVENT")}


def starts_of(issued, *, at=NOW):
    return sorted(each.decoded("DTSTART") for each in events_of(issued, at=at).values())


def test_the_calendar_shows_four_weeks_of_clock_times(cast, plan):
    starts = starts_of(made(cast))
    assert starts[:3] == [local(19, 9), local(19, 16), local(20, 9)]
    assert starts[-1] == datetime(2026, 11, 15, 16, tzinfo=local(18, 1).tzinfo)
    assert len(starts) == 28 * 2


def test_ids_are_those_of_the_occurrences_stored_or_not(cast, plan):
    issued = made(cast)
    before = set(events_of(issued))
    assert {str(each.id) for each in occurrences(cast)} <= before
    tick(cast, local(25, 12))
    after = events_of(issued, at=local(25, 12))
    assert before <= set(after)


def test_it_says_when_and_nothing_about_whom_or_what(cast, plan, item):
    text = text_of(made(cast))
    for word in ("Alice", "houlder", "lbow", "passive", cast.clinic.name, "Plan", str(item.series)):
        assert word not in text
    assert {str(each["SUMMARY"]) for each in events_of(made(cast)).values()} == {"Exercise time"}


def test_it_speaks_the_language_of_its_reader(cast, plan):
    cast.alice.language = "zh-Hans"
    cast.alice.save()
    assert {str(each["SUMMARY"]) for each in events_of(made(cast)).values()} == {"锻炼时间"}


def test_things_due_at_one_moment_are_one_event_that_stays_while_one_is_skipped(cast):
    assign(cast, shoulder("09:00"), turning("09:00"), at=local(18, 20))
    issued = made(cast)
    (first, *_) = sorted(events_of(issued).values(), key=lambda each: each.decoded("DTSTART"))
    both = occurrences(cast, on="2026-10-19")
    assert str(first["UID"]) == str(min(each.id for each in both))
    for each in both:
        skip(cast, each)
        left = [
            uid
            for uid, event in events_of(issued).items()
            if event.decoded("DTSTART") == local(19, 9)
        ]
        assert left == ([str(first["UID"])] if each is not both[-1] else [])


def skip(cast, occurrence):
    skip_occurrence(
        by=cast.bob,
        at=NOW,
        patient_id=cast.patient.pk,
        told=SkipEntry(occurrence=occurrence.id, reason="away"),
    )


def test_what_is_skipped_leaves_and_what_is_done_stays(cast, plan, item):
    issued = made(cast)
    morning, afternoon = occurrences(cast, on="2026-10-19")
    skip(cast, afternoon)
    done(cast, item.series, local(19, 9))
    found = events_of(issued, at=local(19, 10))
    assert str(morning.id) in found
    assert str(afternoon.id) not in found
    unskip_occurrence(
        by=cast.bob, at=local(19, 10), patient_id=cast.patient.pk, occurrence_id=afternoon.id
    )
    assert str(afternoon.id) in events_of(issued, at=local(19, 10))


def test_a_held_plan_leaves_an_empty_calendar(cast, plan):
    issued = made(cast)
    hold_plan(by=cast.dana, at=NOW, plan_id=plan.pk, reason="fever")
    assert events_of(issued) == {}


def test_a_new_version_takes_the_place_of_the_old_one(cast, plan, item):
    issued = made(cast)
    old = set(events_of(issued))
    changed = shoulder("10:00", series=item.series, parts=item.parts)
    revise_plan(
        by=cast.dana, at=NOW, plan_id=plan.pk, draft=PlanDraft(title="Plan", items=(changed,))
    )
    new = events_of(issued)
    assert not old & set(new)
    assert starts_of(issued)[0] == local(19, 10)


def test_a_journey_moves_events_that_keep_their_id_with_a_higher_sequence(cast, plan):
    issued = made(cast)
    before = events_of(issued)
    change_zone(
        by=cast.alice, at=NOW, patient_id=cast.patient.pk, zone="Asia/Tokyo", confirmed=True
    )
    after = events_of(issued)
    shared = set(before) & set(after)
    assert len(shared) == len(before)
    for uid in shared:
        assert after[uid].decoded("DTSTART") == before[uid].decoded("DTSTART") - timedelta(hours=1)
        assert after[uid]["SEQUENCE"] > before[uid]["SEQUENCE"]
        assert after[uid].decoded("LAST-MODIFIED") == NOW.astimezone(UTC)


def test_what_may_be_done_on_any_day_has_no_time(cast):
    assign(
        cast, shoulder(schedule={"rule": "times_per_week", "n": 3, "at": "18:00"}), at=local(18, 20)
    )
    assert events_of(made(cast)) == {}


def test_only_a_hash_of_the_secret_is_kept(cast, plan):
    issued = made(cast)
    with cast.inside():
        kept = CalendarFeed.objects.values().get(pk=issued.feed.pk)
    assert issued.secret not in str(kept)
    assert len(issued.secret) >= 43


def test_a_closed_address_is_no_more(cast, plan):
    issued = made(cast)
    revoke(cast, issued, by=cast.alice)
    with pytest.raises(NotVisible):
        text_of(issued)


def revoke(cast, issued, *, by):
    return revoke_calendar_feed(by=by, at=NOW, patient_id=cast.patient.pk, feed_id=issued.feed.pk)


def test_the_patient_makes_one_for_a_helper_and_both_may_close_it(cast, plan):
    for closer in (cast.alice, cast.bob, cast.erin):
        issued = made(cast, cast.bob)
        assert starts_of(issued)
        revoke(cast, issued, by=closer)
        with pytest.raises(NotVisible):
            text_of(issued)


def test_who_does_not_manage_makes_none_and_closes_nobody_elses(cast, plan):
    issued = made(cast)
    with pytest.raises(NotAllowed):
        made(cast, cast.bob, by=cast.bob)
    with pytest.raises(NotAllowed):
        revoke(cast, issued, by=cast.bob)
    for stranger in (cast.charlie, cast.olga):
        with pytest.raises(NotVisible):
            made(cast, by=stranger)
        with pytest.raises(NotVisible):
            revoke(cast, issued, by=stranger)
    assert text_of(issued)


def test_nobody_gets_a_calendar_who_may_not_see_the_sessions(cast, plan):
    with pytest.raises(Invalid) as refused:
        made(cast, cast.charlie)
    assert refused.value.code == "unknown_person"


def test_it_ends_with_the_access_of_its_reader(cast, plan):
    issued = made(cast, cast.bob)
    with cast.inside():
        end_relationship(
            by=cast.alice,
            at=NOW,
            patient_id=cast.patient.pk,
            relationship_id=cast.bobs_relationship.pk,
        )
    with pytest.raises(NotVisible):
        text_of(issued, at=NOW + timedelta(minutes=1))


def test_it_ends_with_consent_and_begins_again_with_it(cast, plan):
    own, bobs = made(cast), made(cast, cast.bob)
    consent(cast, "sharing", "withdrawn")
    assert text_of(own)
    with pytest.raises(NotVisible):
        text_of(bobs)
    consent(cast, "reminders", "withdrawn")
    with pytest.raises(NotVisible):
        text_of(own)
    consent(cast, "reminders", "granted", at=NOW + timedelta(hours=1))
    assert text_of(own)


def consent(cast, purpose, decision, *, at=NOW):
    with cast.inside():
        record_consent(
            by=cast.alice, at=at, patient_id=cast.patient.pk, purpose=purpose, decision=decision
        )


def test_a_secret_opens_only_the_calendar_of_its_own_reader(cast, plan):
    own, bobs = made(cast), made(cast, cast.bob)
    with pytest.raises(NotVisible):
        open_calendar_feed(at=NOW, recipient_id=cast.bob.pk, secret=own.secret)
    cast.bob.is_active = False
    cast.bob.save()
    with pytest.raises(NotVisible):
        text_of(bobs)


def test_five_addresses_are_enough_for_one_person(cast, plan):
    for _ in range(5):
        last = made(cast)
    with pytest.raises(Conflict):
        made(cast)
    revoke(cast, last, by=cast.alice)
    assert made(cast)


def test_making_reading_and_closing_are_in_the_audit(cast, plan):
    issued = made(cast)
    text_of(issued)
    revoke(cast, issued, by=cast.alice)
    revoke(cast, issued, by=cast.alice)
    with cast.inside():
        kinds = AuditEvent.objects.filter(kind__contains="calendar").values_list("kind", flat=True)
        assert sorted(kinds) == ["calendar.make", "calendar.revoke", "read.calendar"]


def fetch(issued, **headers):
    address = reverse("rehab:calendar-feed", args=[issued.feed.recipient_id, issued.secret])
    with time_machine.travel(NOW, tick=False):
        return Client().get(address, headers=headers)


def test_a_calendar_program_reads_it_without_signing_in(cast, plan):
    answer = fetch(made(cast))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert "private" in answer["Cache-Control"]
    assert len(icalendar.Calendar.from_ical(answer.content).walk("VEVENT")) == 56


def test_what_has_not_changed_is_not_sent_again(cast, plan):
    issued = made(cast)
    again = fetch(issued, **{"if-none-match": fetch(issued)["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_an_unknown_and_a_closed_address_look_the_same(cast, plan):
    issued = made(cast)
    revoke(cast, issued, by=cast.alice)
    unknown = Client().get(reverse("rehab:calendar-feed", args=[cast.alice.pk, "nothing"]))
    assert unknown.status_code == fetch(issued).status_code == 404


def test_a_program_that_asks_without_end_is_told_to_wait(cast, plan, monkeypatch):
    monkeypatch.setattr("rehab.web.calendars.MOST_READS_AN_HOUR", 2)
    issued = made(cast)
    assert [fetch(issued).status_code for _ in range(3)] == [200, 200, 429]
    assert int(fetch(issued)["Retry-After"]) > 0
