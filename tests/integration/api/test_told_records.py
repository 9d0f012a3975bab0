"""Assessments, meals, what is taken and device files over HTTP, held to the OpenAPI document."""

from uuid import uuid4

import pytest
import time_machine

from tests.contract.client import api_client
from tests.integration.api.scenes import get, local, of_alice, send
from tests.plans import assign, fes_cycling

AT = local(19, 12)
ZONE = {"zone": "Asia/Shanghai"}


def grip(value, **facts):
    result = {"score": "grip_kg", "value": value, "facts": {"side": "left", "device": "Jamar"}}
    given = {"instrument": "grip", "performed_at": AT.isoformat(), "results": [result], **ZONE}
    return {"id": str(uuid4()), **given, **facts}


def meal(**facts):
    return {"id": str(uuid4()), "performed_at": AT.isoformat(), **ZONE, **facts}


def post(cast, who, path, body):
    return send(getattr(cast, who), "post", of_alice(cast, path), body, AT)


def test_an_assessment_is_recorded_once_and_read_with_what_it_means(cast):
    body = grip(14.0)
    statuses = [post(cast, "dana", "assessments", each).status_code for each in (body, body)]
    other = {**body, "note": "another"}
    assert [*statuses, post(cast, "dana", "assessments", other).status_code] == [201, 200, 409]
    read = get(cast.alice, of_alice(cast, "assessments"), AT).json()
    (result,) = read["results"][0]["results"]
    assert result["value"] == 14.0 and result["since_last"] is None
    assert {each["criteria"] for each in result["beyond"]} == {"AWGS 2019", "EWGSOP2"}
    assert read["due"][0]["instrument"] == "grip"
    one = of_alice(cast, f"assessments/{body['id']}")
    assert get(cast.dana, one, AT).json()["earlier"] == []


def test_an_assessment_is_amended_withdrawn_and_paged(cast):
    first, second = grip(14.0), grip(15.0, performed_at=local(19, 11).isoformat())
    for body in (first, second):
        assert post(cast, "dana", "assessments", body).status_code == 201
    right = {name: value for name, value in grip(16.0).items() if name != "id"}
    amend = post(
        cast, "dana", f"assessments/{first['id']}/amend", {"entry": right, "reason": "Typo"}
    )
    assert amend.json()["state"] == "amended"
    page = get(cast.dana, of_alice(cast, "assessments"), AT, limit=1).json()
    assert [each["id"] for each in page["results"]] == [first["id"]]
    following = get(cast.dana, page["next"], AT).json()
    assert [each["id"] for each in following["results"]] == [second["id"]]
    gone = post(cast, "dana", f"assessments/{second['id']}/retract", {"reason": "Wrong hand"})
    assert gone.json()["state"] == "retracted"
    assert post(cast, "dana", f"assessments/{first['id']}/confirm", None).status_code == 200


@pytest.mark.parametrize(
    ("who", "changes", "status", "code"),
    [
        ("alice", {"instrument": "mrc"}, 403, "clinicians_only"),
        ("dana", {"instrument": "borg"}, 422, "not_offered"),
        ("dana", {"results": []}, 422, "refused"),
        ("dana", {"performed_at": "2036-10-21T08:00:00+08:00"}, 422, "refused"),
        ("dana", {"mood": 3}, 422, None),
        ("charlie", {}, 404, "not_found"),
        ("olga", {}, 404, "not_found"),
    ],
)
def test_what_is_refused_says_why(cast, who, changes, status, code):
    answer = post(cast, who, "assessments", grip(14.0, **changes))
    assert answer.status_code == status
    assert code is None or answer.json()["code"] == code


def test_reading_needs_its_scope(cast):
    for path in ("assessments", "diet-logs", "substances"):
        assert get(cast.bob, of_alice(cast, path), AT).status_code == 403
        assert get(cast.charlie, of_alice(cast, path), AT).status_code == 404
        assert get(None, of_alice(cast, path), AT).status_code == 401


def test_a_meal_and_a_weight_stand_beside_the_targets_that_a_person_set(cast):
    ordered = {"set_by": "Ana Ruiz", "set_on": "2026-10-12", "fluids_ml": 1500}
    send(cast.dana, "put", of_alice(cast, "nutrition-plan"), ordered, AT)
    body = meal(text="Fish", protein_g=18)
    assert post(cast, "bob", "diet-logs", body).status_code == 201
    assert post(cast, "bob", "diet-logs", meal(weight_typed="8 st 3")).status_code == 201
    read = get(cast.alice, of_alice(cast, "diet-logs"), AT).json()
    assert read["targets"]["fluids_ml"] == 1500
    assert [each["protein_g"] for each in read["days"]] == [18]
    assert [each["weight_kg"] for each in read["weights"]] == [52.2]
    right = {name: value for name, value in meal(text="Fish", protein_g=17).items() if name != "id"}
    path = f"diet-logs/{body['id']}"
    amended = post(cast, "bob", f"{path}/amend", {"entry": right, "reason": "Typo"})
    assert amended.json()["state"] == "amended"
    one = get(cast.alice, of_alice(cast, path), AT).json()
    assert (one["log"]["protein_g"], one["earlier"][0]["before"]["protein_g"]) == (17, 18)
    gone = post(cast, "bob", f"{path}/retract", {"reason": "Not hers"})
    assert gone.json()["state"] == "retracted"


def test_choking_is_answered_with_its_text_at_once(cast):
    body = meal(text="Porridge", symptoms=["wet_voice_after_food"])
    flags = post(cast, "bob", "diet-logs", body).json()["flags"]
    assert [each["level"] for each in flags] == ["E1"]
    assert flags[0]["text"]["en"].startswith("Stop feeding and sit upright.")


def test_what_is_taken_is_recorded_ended_and_withdrawn(cast):
    taken = {"told_at": AT.isoformat(), "code": "ginseng", **ZONE}
    body = {"id": str(uuid4()), **taken}
    assert post(cast, "alice", "substances", body).status_code == 201
    assert get(cast.alice, of_alice(cast, "substances"), AT).json()["taken"][0]["kind"] == "herb"
    path, ended = f"substances/{body['id']}", {**taken, "until": "2026-10-19"}
    answer = post(cast, "alice", f"{path}/amend", {"entry": ended, "reason": "Stopped"})
    assert answer.json()["state"] == "amended"
    gone = post(cast, "alice", f"{path}/retract", {"reason": "Typo"})
    assert gone.json()["state"] == "retracted"


def test_a_device_file_is_read_as_json_and_as_csv_and_once(cast):
    assign(cast, fes_cycling("11:00"), at=local(18, 9))
    ride = {"started_at": "2026-10-19 11:00", "minutes": 30, "cadence_rpm": 45, "colour": "blue"}
    body = {"serial": "77", "model": "RT", "sessions": [ride], **ZONE}
    first = post(cast, "bob", "device-imports", body).json()
    assert (first["rows"][0]["state"], first["ignored"]) == ("recorded", ["colour"])
    text = "started_at,minutes,cadence_rpm\n2026-10-19T11:00:00+08:00,30,45\n"
    address = of_alice(cast, "device-imports") + "?zone=Asia/Shanghai&serial=77&model=RT"
    with time_machine.travel(AT, tick=False):
        again = api_client(cast.bob).generic("POST", address, text, content_type="text/csv")
    assert again.json()["rows"][0]["state"] == "unchanged"
    assert again.json()["rows"][0]["id"] == first["rows"][0]["id"]
    empty = post(cast, "bob", "device-imports", {**body, "sessions": []})
    assert (empty.status_code, empty.json()["code"]) == (422, "empty")
    assert post(cast, "charlie", "device-imports", body).status_code == 404
