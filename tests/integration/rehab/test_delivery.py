"""Messages leave through a real SMTP server, once, and only while there is something to say."""

from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from io import StringIO
from itertools import pairwise
from threading import Barrier
from uuid import UUID

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test import override_settings

import rehab.tasks.reminders as tasks
from config.launcher.ports import free_port
from exercises.models import Exercise
from patients.access.walls import within_every_clinic
from patients.models import (
    CareRelationship,
    Consent,
    ContactPoint,
    NotificationPreference,
    User,
)
from rehab.actions.delivery import BATCH, LEASE, Drained, drain
from rehab.actions.pauses import hold_plan
from rehab.models import Delivery, Reminder
from rehab.models.outbox import Finish, claim, finish, oldest_due_unsent_age
from tests.integration.rehab.crowds import told_of_many
from tests.integration.rehab.mailbox import open_mailbox
from tests.integration.rehab.scenes import done, local, told, turning
from tests.integration.rehab.ticking import tick
from tests.people import Cast, make_cast
from tests.plans import as_planned, assign, in_detail, shoulder


@pytest.fixture
def mailbox():
    with open_mailbox() as opened:
        yield opened


@pytest.fixture
def arm():
    return shoulder("09:00", reminded=())


@pytest.fixture
def plan(cast, arm):
    return assign(cast, arm, at=local(18, 20))


def rows(cast: Cast, **facts) -> list[Delivery]:
    with cast.inside():
        return list(Delivery.objects.filter(**facts).order_by("due_at", "id"))


def fate(cast: Cast, **facts) -> list[tuple[str, str]]:
    """Outcome and reason of what was due on the 19th at nine."""
    found = rows(cast, **{"due_at": local(19, 9), **facts})
    return [(row.outcome, row.reason) for row in found]


def prefers(user: User, **facts) -> None:
    NotificationPreference.objects.update_or_create(
        user=user, defaults={"zone": "Asia/Shanghai", **facts}
    )


def text_of(mail) -> str:
    body = "".join(part.get_content() for part in mail.walk() if not part.is_multipart())
    return f"{mail['Subject']}\n{body}"


def test_one_mail_leaves_at_its_time_with_a_message_id_that_stays(cast, plan, mailbox):
    assert drain(at=local(19, 8, 59)) == Drained()
    assert drain(at=local(19, 9)) == Drained(sent=1)
    assert drain(at=local(19, 9, 1)) == Drained()
    sent = rows(cast, due_at=local(19, 9))[0]
    assert mailbox.recipients == ["alice@example.test"]
    assert mailbox.mails[0]["Message-ID"].startswith(f"<{sent.id}@")
    assert mailbox.mails[0]["Auto-Submitted"] == "auto-generated"
    assert (sent.outcome, sent.next_at) == ("sent", None)
    assert timedelta(0) <= sent.finished_at - local(19, 9) < timedelta(seconds=30)


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_a_mail_holds_no_word_about_the_body_or_the_plan(cast, plan, mailbox, language):
    User.objects.filter(pk=cast.alice.pk).update(language=language)
    drain(at=local(19, 9))
    told_words = text_of(mailbox.mails[0]).lower()
    secrets = {cast.patient.name.lower(), plan.title.lower(), "shoulder", "肩", "riverside"}
    for names in Exercise.objects.values_list("names", flat=True):
        secrets |= {names["en"].lower(), names["zh-Hans"]}
    assert [secret for secret in secrets if secret in told_words] == []


def test_a_mail_speaks_the_language_of_whoever_gets_it(cast, plan, mailbox):
    User.objects.filter(pk=cast.alice.pk).update(language="zh-Hans")
    drain(at=local(19, 9))
    chinese = text_of(mailbox.mails[0])
    assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese)
    User.objects.filter(pk=cast.alice.pk).update(language="en")
    tick(cast, local(19, 12))
    drain(at=local(20, 9))
    assert text_of(mailbox.mails[1]).isascii()


def test_what_was_done_meanwhile_is_not_reminded_of(cast, plan, arm, mailbox):
    done(cast, arm.series, local(19, 8, 30))
    assert drain(at=local(19, 9)) == Drained(dropped=1)
    assert (mailbox.mails, fate(cast)) == ([], [("not_sent", "done")])


def test_what_was_paused_meanwhile_is_not_reminded_of(cast, plan, arm, mailbox):
    hold_plan(by=cast.dana, at=local(19, 8), plan_id=plan.pk, reason="swollen")
    drain(at=local(19, 9))
    assert fate(cast) == [("not_sent", "paused")]


def test_withdrawn_consent_stops_reminders_and_not_alerts(cast, plan, arm, mailbox):
    with cast.inside():
        Consent.objects.create(
            patient=cast.patient,
            clinic=cast.clinic,
            purpose="reminders",
            decision="withdrawn",
            by=cast.alice,
            at=local(19, 8),
        )
    drain(at=local(19, 9))
    assert fate(cast) == [("not_sent", "consent_withdrawn")]
    told(cast, in_detail(arm.series, local(19, 9, 5), {arm.parts[0].part: {"pain": 9}}))
    drain(at=local(19, 9, 5))
    assert "bob@example.test" in mailbox.recipients


def test_whose_relationship_ended_meanwhile_is_not_written_to(cast, mailbox):
    assign(cast, shoulder("09:00", reminded=(cast.bob.pk,)), at=local(18, 20))
    with cast.inside():
        CareRelationship.objects.filter(pk=cast.bobs_relationship.pk).update(
            ended_at=local(19, 8), ended_by=cast.alice
        )
    drain(at=local(19, 9))
    assert fate(cast) == [("not_sent", "relationship_ended")]


def test_a_helper_who_may_no_longer_log_is_not_reminded(cast, mailbox):
    assign(cast, shoulder("09:00", reminded=(cast.bob.pk,)), at=local(18, 20))
    with cast.inside():
        CareRelationship.objects.filter(pk=cast.bobs_relationship.pk).update(
            scopes=["see_sessions", "receive_alerts"]
        )
    drain(at=local(19, 9))
    assert fate(cast) == [("not_sent", "relationship_ended")]


def test_a_retired_address_is_not_written_to(cast, plan, mailbox):
    ContactPoint.objects.filter(user=cast.alice).update(
        retired_at=local(19, 8), retired_reason="moved"
    )
    drain(at=local(19, 9))
    assert fate(cast) == [("not_sent", "contact_retired")]


def test_quiet_hours_hold_a_message_until_they_end(cast, plan, mailbox):
    prefers(cast.alice, quiet_from=time(22), quiet_until=time(10))
    assert drain(at=local(19, 9)) == Drained(held=1)
    held = rows(cast, due_at=local(19, 9))[0]
    assert (held.next_at, held.wanted_at, held.failures, held.reason) == (
        local(19, 10),
        local(19, 10),
        0,
        "quiet_hours",
    )
    assert drain(at=local(19, 9, 59)) == Drained()
    assert drain(at=local(19, 10)) == Drained(sent=1)


def test_what_is_held_past_its_window_is_not_sent(cast, mailbox):
    assign(cast, shoulder("09:00", "11:00"), at=local(18, 20))
    prefers(cast.alice, quiet_from=time(22), quiet_until=time(10, 30))
    drain(at=local(19, 9))
    assert fate(cast) == [("not_sent", "held_past_window")]


def test_a_message_whose_window_is_past_is_not_sent_late(cast, plan, mailbox):
    drain(at=local(20, 8))
    assert fate(cast) == [("not_sent", "window_past")]


def test_care_that_was_agreed_to_wakes(cast, mailbox):
    assign(cast, turning("02:30", wakes=True), at=local(18, 20))
    prefers(cast.alice, quiet_from=time(22), quiet_until=time(7), may_wake=True)
    assert drain(at=local(19, 2, 30)) == Drained(sent=1)


def test_care_that_was_not_agreed_to_waits_for_the_morning(cast, mailbox):
    assign(cast, turning("02:30", wakes=True), at=local(18, 20))
    prefers(cast.alice, quiet_from=time(22), quiet_until=time(7), may_wake=False)
    assert drain(at=local(19, 2, 30)) == Drained(held=1)


def test_a_days_budget_holds_training_back_to_the_next_day(cast, mailbox):
    prefers(cast.alice, daily_budget=2)
    assign(cast, shoulder("08:00", "10:00", "12:00"), at=local(18, 20))
    for hour in (8, 10, 12):
        drain(at=local(19, hour))
    assert len(mailbox.mails) == 2
    third = rows(cast, due_at=local(19, 12))[0]
    assert (third.outcome, third.reason) == ("not_sent", "held_past_window")


def test_the_budget_holds_within_one_drain_too(cast, mailbox):
    crowd = told_of_many(cast, 3, local(19, 9), recipient=cast.bob)
    prefers(cast.bob, daily_budget=2)
    assert drain(at=local(19, 9)) == Drained(sent=2, dropped=1)
    assert sorted(row.reason for row in crowd.deliveries()) == ["", "", "held_past_window"]


def test_alerts_of_the_highest_levels_pass_quiet_hours_and_budget(cast, plan, arm, mailbox):
    prefers(cast.bob, quiet_from=time(0), quiet_until=time(23, 59), daily_budget=0)
    told(cast, as_planned(arm.series, local(19, 3), symptoms=("chest_pain",)))
    assert drain(at=local(19, 3)) == Drained(sent=1)
    assert mailbox.recipients == ["bob@example.test"]


def test_an_address_that_will_never_work_is_retired(cast, plan, mailbox):
    mailbox.answers["alice@example.test"] = "550 no such user"
    assert drain(at=local(19, 9)) == Drained(failed=1)
    point = ContactPoint.objects.get(user=cast.alice)
    assert (point.retired_at is None, point.retired_reason) == (False, "smtp 550")
    assert fate(cast) == [("failed", "smtp 550")]


def test_a_server_that_says_later_is_tried_later_each_time_after_longer(cast, plan, mailbox):
    mailbox.answers["alice@example.test"] = "450 greylisted"
    moment, pauses = local(19, 9), []
    for _ in range(4):
        assert drain(at=moment) == Drained(failed=1)
        row = rows(cast, due_at=local(19, 9))[0]
        pauses.append(row.next_at - moment)
        moment = row.next_at
    assert all(later > earlier for earlier, later in pairwise(pauses))
    assert timedelta(seconds=24) <= pauses[0] <= timedelta(seconds=36)
    assert row.attempts == 4
    del mailbox.answers["alice@example.test"]
    assert drain(at=moment) == Drained(sent=1)
    assert ContactPoint.objects.get(user=cast.alice).retired_at is None


def test_a_refusal_of_the_message_is_no_fault_of_the_address(cast, plan, mailbox):
    mailbox.answers["DATA"] = "554 looks like spam"
    assert drain(at=local(19, 9)) == Drained(failed=1)
    assert ContactPoint.objects.get(user=cast.alice).retired_at is None
    assert rows(cast, due_at=local(19, 9))[0].next_at is not None


def test_after_many_tries_it_gives_up_and_says_so(cast, plan, mailbox):
    mailbox.answers["alice@example.test"] = "450 later"
    with cast.inside():
        Delivery.objects.filter(due_at=local(19, 9)).update(failures=11)
    drain(at=local(19, 9))
    assert fate(cast) == [("failed", "gave_up: smtp 450")]
    assert ContactPoint.objects.get(user=cast.alice).retired_at is None


def test_a_server_that_is_down_is_tried_again(cast, plan):
    with override_settings(
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=free_port(),
    ):
        assert drain(at=local(19, 9)) == Drained(failed=1)
    assert rows(cast, due_at=local(19, 9))[0].next_at > local(19, 9)


def test_many_messages_leave_over_a_few_kept_connections(cast, mailbox):
    told_of_many(cast, 60, local(19, 9))
    assert drain(at=local(19, 9)) == Drained(sent=60)
    assert len(mailbox.mails) == 60
    assert mailbox.connections <= 8


def test_a_message_about_nothing_is_finished(cast, plan, mailbox):
    with cast.inside():
        Reminder.objects.filter(due_at=local(19, 9)).delete()
    assert drain(at=local(19, 9)) == Drained(dropped=1)
    assert fate(cast) == [("not_sent", "nothing_to_say")]


def test_a_drain_that_was_killed_is_due_again_after_its_lease(cast, plan, mailbox):
    with within_every_clinic():
        assert len(claim(at=local(19, 9), limit=BATCH, lease=LEASE)) == 1
    assert drain(at=local(19, 9) + LEASE - timedelta(seconds=1)) == Drained()
    assert drain(at=local(19, 9) + LEASE) == Drained(sent=1)
    assert rows(cast, due_at=local(19, 9))[0].attempts == 2


def test_whoever_lost_the_lease_finishes_nothing(cast, plan):
    with within_every_clinic():
        lost = claim(at=local(19, 9), limit=BATCH, lease=LEASE)
        again = claim(at=local(19, 9) + LEASE, limit=BATCH, lease=LEASE)
        assert finish([Finish(lost[0], "sent")], at=local(19, 9, 6)) == set()
        assert finish([Finish(again[0], "sent")], at=local(19, 9, 6)) == {again[0].id}


def test_the_age_of_what_waits_is_known_while_it_fails(cast, plan, mailbox):
    mailbox.answers["alice@example.test"] = "450 later"
    drain(at=local(19, 9))
    with within_every_clinic():
        assert oldest_due_unsent_age(local(19, 9, 20)) == timedelta(minutes=20)


def test_what_is_held_on_purpose_has_no_age(cast, plan, mailbox):
    prefers(cast.alice, quiet_from=time(22), quiet_until=time(10))
    drain(at=local(19, 9))
    with within_every_clinic():
        assert oldest_due_unsent_age(local(19, 9, 50)) == timedelta(0)


def test_the_command_delivers_without_a_broker(cast, plan, mailbox):
    out = StringIO()
    with time_machine.travel(local(19, 9), tick=False):
        call_command("deliver", stdout=out)
    assert out.getvalue() == "sent 1, merged 0, held 0, not sent 0, failed 0\n"
    assert len(mailbox.mails) == 1


@pytest.mark.parametrize(("due", "drains"), [(0, 0), (1, 1), (500, 1), (501, 2), (1250, 3)])
def test_a_tick_asks_for_as_many_drains_as_the_due_fill(cast, monkeypatch, due, drains):
    rung = []
    monkeypatch.setattr(tasks, "count_due", lambda *, at: due)
    monkeypatch.setattr(tasks.drain, "apply_async", lambda **how: rung.append(how))
    assert tasks.tick() == drains
    assert rung == [{"expires": 60}] * drains


def test_the_drain_task_drains(cast, plan, mailbox):
    with time_machine.travel(local(19, 9), tick=False):
        tasks.drain()
        tasks.drain()
    assert len(mailbox.mails) == 1


@pytest.mark.django_db(transaction=True)
def test_two_drains_at_once_never_send_twice():
    with open_mailbox() as mailbox:
        cast = make_cast()
        told_of_many(cast, 61, local(19, 9))
        together = Barrier(2)

        def run() -> Drained:
            together.wait()
            try:
                return drain(at=local(19, 9), limit=40)
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            both = [each.result() for each in (pool.submit(run), pool.submit(run))]
        assert sum(each.sent for each in both) == 61
        ids = [mail["Message-ID"] for mail in mailbox.mails]
        assert len(ids) == len(set(ids)) == 61


@pytest.mark.django_db(transaction=True)
def test_a_second_worker_takes_other_rows_and_does_not_wait():
    cast = make_cast()
    assign(cast, shoulder("09:00", "10:00"), at=local(18, 20))

    def other() -> set[UUID]:
        try:
            with within_every_clinic():
                return {each.id for each in claim(at=local(19, 11), limit=1, lease=LEASE)}
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool, within_every_clinic():
        mine = {each.id for each in claim(at=local(19, 11), limit=1, lease=LEASE)}
        theirs = pool.submit(other).result(timeout=10)
    assert len(mine | theirs) == 2
