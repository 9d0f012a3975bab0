"""Tables that grow for ever: room ahead, an end to old messages, and counts that still add up."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from io import StringIO
from uuid import UUID, uuid4

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client

from config.checks import tables_are_cut_ahead
from patients.models import AuditEvent
from patients.models.partitions import add_partitions
from rehab.actions.dead_letters import retry_deliveries
from rehab.actions.delivery import drain
from rehab.actions.pauses import hold_plan
from rehab.actions.plans import complete_plan
from rehab.actions.storage import AUDIT, DELIVERIES, Tended, days_ahead, tend_tables
from rehab.models import Delivery, Reminder
from rehab.models.old_messages import drop_partition
from rehab.models.tally import counts
from tests.integration.rehab.mailbox import open_mailbox
from tests.integration.rehab.scenes import done, local
from tests.people import Cast, make_user
from tests.plans import assign, shoulder

NEW_YEAR = datetime(2021, 1, 1, tzinfo=UTC)
KEEP = timedelta(days=90)


def rows(statement: str, *values: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def message(cast: Cast, due_at: datetime, outcome: str = "") -> UUID:
    """A reminder by e-mail that was due at a moment of 2020; without outcome it waits still."""
    with cast.inside():
        about = {"patient": cast.patient, "clinic": cast.clinic, "recipient": cast.alice}
        reminder = Reminder.objects.create(
            id=uuid4(), kind="training", on=due_at, due_at=due_at, created_at=due_at, **about
        )
        delivery = Delivery.objects.create(
            id=uuid4(), reminder_id=reminder.id, due_at=due_at, wanted_at=due_at, created_at=due_at,
            contact_point_id=uuid4(), channel="email", outcome=outcome,
            next_at=None if outcome else due_at, finished_at=due_at if outcome else None, **about,
        )  # fmt: skip
    return delivery.id


def where(cast: Cast) -> Counter[str]:
    """Count deliveries by the table that holds them."""
    with cast.inside():
        return Counter(
            name for (name,) in rows("SELECT tableoid::regclass::text FROM rehab_delivery")
        )


def test_partitions_are_made_ahead_once_and_hold_the_wall(cast: Cast) -> None:
    at = datetime(2020, 11, 30, tzinfo=UTC)
    message(cast, datetime(2020, 12, 9, tzinfo=UTC), "sent")

    made = tend_tables(at=at, keep=10 * 365 * KEEP).made

    # December stays in the spare partition, which holds a row of it.
    names = ["rehab_delivery_2020_11", "rehab_delivery_2021_01"]
    assert made == [*names, "patients_auditevent_2020", "patients_auditevent_2021"]
    assert tend_tables(at=at, keep=10 * 365 * KEEP) == Tended(made=[], dropped=[])
    for moment in (datetime(2021, 1, 31, 23, 59, tzinfo=UTC), NEW_YEAR - timedelta(seconds=1)):
        message(cast, moment)
    assert where(cast) == {"rehab_delivery_default": 2, "rehab_delivery_2021_01": 1}
    for parent, part in (("rehab_delivery", names[1]), ("patients_auditevent", made[-1])):
        wall = "SELECT policyname, cmd, qual, with_check FROM pg_policies WHERE tablename = %s"
        assert rows(wall, part) == rows(wall, parent) != []
        forced = "SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE relname = %s"
        assert rows(forced, part) == [(True,)]
    assert rows("SELECT count(*) FROM rehab_delivery_2021_01") == [(0,)]
    with pytest.raises(DatabaseError), transaction.atomic():
        rows("SELECT patients_add_partition('rehab_plan', '2020', %s, %s)", at, NEW_YEAR)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows("DROP TABLE rehab_delivery_2021_01")


def test_old_messages_go_and_what_is_unfinished_or_young_stays(cast: Cast) -> None:
    with cast.inside():
        add_partitions(DELIVERIES, at=datetime(2020, 7, 1, tzinfo=UTC))
    july, august, october = (datetime(2020, month, 5, tzinfo=UTC) for month in (7, 8, 10))
    message(cast, july, "sent")
    beside, waiting = message(cast, august, "failed"), message(cast, august)
    message(cast, datetime(2020, 1, 5, tzinfo=UTC), "not_sent")
    young = message(cast, october, "sent")
    before = counts()

    done = tend_tables(at=NEW_YEAR, keep=KEEP)

    assert "rehab_delivery_2020_07" in done.dropped
    assert "rehab_delivery_2020_08" not in done.dropped
    assert (done.deliveries, done.reminders) == (2, 3)
    with cast.inside():
        assert set(Delivery.objects.values_list("id", flat=True)) == {waiting, young}
        assert Reminder.objects.count() == 2
    assert beside not in {waiting, young}
    assert counts() == before
    again = tend_tables(at=NEW_YEAR, keep=KEEP)
    assert (again.dropped, again.deliveries, again.reminders) == ([], 0, 0)


def test_nobody_drops_a_partition_of_the_last_month_or_another_table(cast: Cast) -> None:
    with cast.inside():
        add_partitions(DELIVERIES, at=NEW_YEAR)
    lately = datetime.now(UTC) - timedelta(days=29)
    for name, before in (
        ("rehab_delivery_2021_01", lately),
        ("rehab_delivery_default", NEW_YEAR),
        ("rehab_reminder", NEW_YEAR),
    ):
        with pytest.raises(DatabaseError, match="not to be dropped"), transaction.atomic():
            drop_partition(name, before=before)
    message(cast, NEW_YEAR, "sent")
    assert drop_partition("rehab_delivery_2021_01", before=NEW_YEAR) is False


def test_operators_hear_when_little_room_is_left_and_make_more(cast: Cast) -> None:
    few = tables_are_cut_ahead(databases=["default"])
    few_ready = Client().get("/readyz").json()["checks"]["partitions"]
    assert [each.id for each in few] == ["config.W001", "config.W001"]

    out = StringIO()
    call_command("tend_tables", stdout=out)
    ready = Client().get("/readyz").json()["checks"]["partitions"]

    assert f"made {DELIVERIES.table}_" in out.getvalue()
    assert min(days_ahead(datetime.now(UTC)).values()) >= 59
    assert tables_are_cut_ahead(databases=["default"]) == []
    assert (few_ready["ok"], set(few_ready["days_ahead"].values())) == (True, {0})
    assert "warning" in few_ready
    assert "warning" not in ready
    assert AuditEvent._meta.db_table == AUDIT.table


def test_all_that_was_made_in_a_day_is_accounted_for(cast: Cast) -> None:
    """created + revived = sent + merged + not sent + failed + withdrawn + those that wait."""
    nine, soon, ten, noon = (
        shoulder("09:00"),
        shoulder("09:05"),
        shoulder("10:00"),
        shoulder("12:00"),
    )
    plan = assign(cast, nine, soon, ten, noon, shoulder("18:00"), at=local(18, 20))
    with open_mailbox() as mailbox:
        drain(at=local(19, 9))
        done(cast, ten.series, local(19, 9, 40))
        drain(at=local(19, 10))
        mailbox.answers["alice@example.test"] = "450 later"
        with cast.inside():
            Delivery.objects.filter(due_at=local(19, 12)).update(failures=11)
        drain(at=local(19, 12))
        del mailbox.answers["alice@example.test"]
        assert_adds_up(cast, "created", "sent", "merged", "not_sent", "failed")
        with cast.inside():
            dead = list(Delivery.objects.filter(outcome="failed").values_list("id", flat=True))
        operator = make_user("omar", is_staff=True, is_superuser=True)
        retry_deliveries(by=operator, at=local(19, 13), delivery_ids=dead)
        assert_adds_up(cast, "created", "sent", "merged", "not_sent", "failed", "revived")
        hold_plan(by=cast.dana, at=local(19, 14), plan_id=plan.pk, reason="fever")
        drain(at=local(19, 18))
    complete_plan(by=cast.dana, at=local(19, 20), plan_id=plan.pk, reason="moved away")
    assert_adds_up(cast, "created", "sent", "merged", "not_sent", "failed", "revived", "withdrawn")


def assert_adds_up(cast: Cast, *events: str) -> None:
    counted: Counter[str] = Counter()
    for each in counts():
        counted[each.event] += each.many
    with cast.inside():
        waiting = Delivery.objects.filter(next_at__isnull=False).count()
    made = counted["created"] + counted["revived"]
    ended = ("sent", "merged", "not_sent", "failed", "withdrawn")
    assert made == sum(counted[each] for each in ended) + waiting
    assert set(counted) == set(events)
