"""Over HTTP: the clock that goes with the patient, and calendar addresses."""

import icalendar
import pytest
import time_machine
from django.test import Client

from tests.contract.client import api_client
from tests.integration.rehab.scenes import local
from tests.plans import assign, shoulder


@pytest.fixture
def alice(cast):
    assign(cast, shoulder(zone_policy="follow"), at=local(18, 20))
    with time_machine.travel(local(19, 7), tick=False):
        yield api_client(cast.alice)


def address(cast, rest):
    return f"/api/v1/patients/{cast.patient.pk}/{rest}"


def test_a_phone_moves_what_follows_the_patient(cast, alice):
    before = alice.get(address(cast, "clock")).json()
    assert before == {"zone": "Asia/Shanghai", "home": "Asia/Shanghai", "changes": []}

    answer = alice.post(
        address(cast, "clock"), {"zone": "Asia/Tokyo", "confirmed": True}, format="json"
    )

    assert answer.status_code == 200
    assert (answer.json()["zone"], answer.json()["home"]) == ("Asia/Tokyo", "Asia/Shanghai")
    assert [each["zone"] for each in answer.json()["changes"]] == ["Asia/Tokyo"]
    today = alice.get(address(cast, "today")).json()
    assert today["occurrences"][0]["due_at"] == "2026-10-19T09:00:00+09:00"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"zone": "Asia/Tokyo", "confirmed": False}, "confirmed"),
        ({"zone": "Mars/Olympus", "confirmed": True}, "zone"),
        ({"zone": "Asia/Tokyo"}, "confirmed"),
    ],
)
def test_what_is_not_confirmed_or_no_zone_is_refused_by_name(cast, alice, body, field):
    answer = alice.post(address(cast, "clock"), body, format="json")
    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["errors"]] == [field]


def test_a_helper_may_look_at_the_clock_and_not_move_it(cast, alice):
    bob = api_client(cast.bob)
    assert bob.get(address(cast, "clock")).status_code == 200
    body = {"zone": "Asia/Tokyo", "confirmed": True}
    assert bob.post(address(cast, "clock"), body, format="json").status_code == 403


def test_a_calendar_address_is_made_read_listed_and_closed(cast, alice):
    made = alice.post(address(cast, "calendar-feeds"), {}, format="json")
    assert made.status_code == 201
    path = "/calendar/" + made.json()["address"].partition("/calendar/")[2]
    read = Client().get(path)
    assert icalendar.Calendar.from_ical(read.content).walk("VEVENT")

    (listed,) = alice.get(address(cast, "calendar-feeds")).json()["results"]
    assert listed["id"] == made.json()["id"]
    assert "address" not in listed

    closed = alice.post(address(cast, f"calendar-feeds/{listed['id']}/revoke"))
    assert closed.json()["revoked_at"]
    assert Client().get(path).status_code == 404
    assert alice.get(address(cast, "calendar-feeds")).json()["results"] == []


def test_a_helper_who_does_not_manage_makes_and_lists_none(cast, alice):
    bob = api_client(cast.bob)
    assert bob.get(address(cast, "calendar-feeds")).status_code == 403
    assert bob.post(address(cast, "calendar-feeds"), {}, format="json").status_code == 403
