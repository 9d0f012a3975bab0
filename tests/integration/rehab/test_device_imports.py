"""A ride that a device wrote down and somebody typed as well is one session."""

from datetime import timedelta
from uuid import uuid4

import pytest

from patients.domain.errors import NotAllowed, NotVisible
from patients.domain.roles import Scope
from patients.models import AuditEvent
from rehab.actions.device_imports import DeviceFile, import_device_file
from rehab.domain.device_file import table_from_rows
from rehab.domain.session_entry import SessionEntry
from rehab.models import SessionAmendment, SessionLog
from tests.integration.rehab.scenes import figures, flags, local, told
from tests.people import make_helper, make_user
from tests.plans import assign, fes_cycling

START = local(19, 18)
AT = local(19, 21)


@pytest.fixture
def series(cast):
    item = fes_cycling("18:00", maximum={"sessions_per_day": 1})
    assign(cast, item, at=local(18, 9))
    return item.series


def ride(start=START, **values):
    return {"started_at": start.isoformat(), "minutes": 30, "cadence_rpm": 45, **values}


def imported(cast, *rows, by=None, at=AT, **facts):
    given = {"digest": "d" * 64, "model": "RT", "serial": "77", "zone": "Asia/Shanghai"}
    table = table_from_rows(rows, zone="Asia/Shanghai")
    file = DeviceFile(**{**given, "series": None, "table": table, **facts})
    return import_device_file(by=by or cast.bob, at=at, patient_id=cast.patient.pk, file=file)


def typed(cast, series, start, **facts):
    entry = SessionEntry(
        **{
            "performed_at": start,
            "zone": "Asia/Shanghai",
            "series": series,
            "minutes": 25,
            "pain": 2,
            "skin_after": "looked_fine",
            **facts,
        }
    )
    return told(cast, entry, at=AT)


def logs(cast):
    with cast.inside():
        return list(SessionLog.objects.order_by("performed_at"))


def test_a_ride_becomes_one_session_and_the_same_file_changes_nothing(cast, series):
    (first,) = imported(cast, ride())
    (again,) = imported(cast, ride())
    assert (first.state, again.state, again.id) == ("recorded", "unchanged", first.id)
    (log,) = logs(cast)
    assert log.details["source"] == "device" and log.details["device"] == "RT 77"
    assert log.details["measures"] == {"cadence_rpm": 45}
    assert log.pain is None and "skin_after" not in log.details
    assert figures(cast, "done") == (1,)


def test_the_same_ride_in_another_file_is_known_again_and_other_values_are_a_conflict(cast, series):
    imported(cast, ride())
    (same,) = imported(cast, ride(), digest="e" * 64)
    (other,) = imported(cast, ride(minutes=31), digest="f" * 64)
    assert (same.state, other.state) == ("unchanged", "conflict")
    assert len(logs(cast)) == 1


def test_what_was_typed_within_five_minutes_takes_the_values_of_the_device(cast, series):
    hand = typed(cast, series, START + timedelta(minutes=4))
    (merged,) = imported(cast, ride(power_w=12))
    assert (merged.state, merged.id) == ("merged", hand.id)
    (log,) = logs(cast)
    assert log.performed_at == START and float(log.minutes) == 30
    assert log.details["measures"] == {"cadence_rpm": 45, "power_w": 12}
    assert log.pain == 2 and log.details["skin_after"] == "looked_fine"
    assert log.author_id == cast.bob.pk
    with cast.inside():
        before = SessionAmendment.objects.get().before
    assert before["minutes"] == "25.00"
    assert [flag.rule for flag in flags(cast) if flag.rule == "over-maximum"] == []
    (again,) = imported(cast, ride(power_w=12))
    assert (again.state, again.id) == ("unchanged", hand.id)
    assert log.revision == 2 and logs(cast)[0].revision == 2


def test_what_was_typed_after_the_ride_is_kept_and_asked_about_and_counts_once(cast, series):
    imported(cast, ride())
    hand = typed(cast, series, START + timedelta(minutes=40))
    assert hand.log.duplicate_of is not None and "possible_duplicate" in hand.log.marks
    assert figures(cast, "done", "extra", "over_maximum") == (1, 0, 0)
    assert [flag.rule for flag in flags(cast) if flag.rule == "over-maximum"] == []


def test_a_ride_of_the_evening_is_no_copy_of_the_one_at_noon(cast, series):
    typed(cast, series, START - timedelta(hours=6))
    (evening,) = imported(cast, ride())
    assert evening.state == "recorded" and evening.log.duplicate_of is None
    assert "over_maximum" in evening.log.marks


def test_one_bad_row_sinks_no_other(cast, series):
    rows = [ride(cadence_rpm=900), ride(START - timedelta(hours=4)), {"started_at": "noon"}]
    answers = imported(cast, *rows)
    assert [each.state for each in answers] == ["refused", "recorded", "refused"]
    assert answers[0].errors[0].field == "measures.cadence_rpm"
    assert answers[2].errors[0].field == "started_at"
    with cast.inside():
        event = AuditEvent.objects.get(kind="device.import")
    assert event.detail == {"file": "d" * 64, "rows": 3}


def test_without_an_item_of_cycling_somebody_must_say_which(cast):
    assign(cast, at=local(18, 9))
    (answer,) = imported(cast, ride())
    assert (answer.state, answer.errors[0].code) == ("refused", "which_item")
    (unknown,) = imported(cast, ride(), series=uuid4())
    assert unknown.state == "refused" and logs(cast) == []


def test_a_device_without_a_serial_number_is_known_by_the_file_and_the_row(cast, series):
    (first,) = imported(cast, ride(), serial="")
    (again,) = imported(cast, ride(), serial="")
    assert (first.state, again.state, again.id) == ("recorded", "unchanged", first.id)


def test_only_who_may_log_imports_and_a_stranger_finds_no_patient(cast, series):
    onlooker = make_user("gina")
    make_helper(cast.patient, onlooker, scopes=(Scope.SEE_SESSIONS,))
    with pytest.raises(NotAllowed):
        imported(cast, ride(), by=onlooker)
    for stranger in (cast.charlie, cast.olga):
        with pytest.raises(NotVisible):
            imported(cast, ride(), by=stranger)
