import re
from base64 import b64encode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from exercises.domain.identity import content_id
from exercises.models import Exercise, Protocol, ProtocolItem
from tests.integration.exercises.conftest import LOADED
from tests.people import phone_of

pytestmark = pytest.mark.usefixtures("content")

LISTS = (
    *("exercises", "protocols", "sources", "conditions", "guidance", "foods", "recipes"),
    *("instruments", "conflicts", "interactions", "time-windows"),
)
DETAILS = (
    "exercises/prom-shoulder-flexion",
    "protocols/hemiplegic-shoulder-passive",
    f"sources/{content_id('source', 'denervated-muscle-review')}",
    "guidance/passive-movement",
    "foods/peanut",
    "recipes/recipe-radish-ribs",
)
HAN = re.compile(r"[\u3400-\u9fff]")


@pytest.fixture
def dana(cast):
    return phone_of(cast.dana)


def get(client, path, **query):
    return client.get(f"/api/v1/{path}", query)


def pages(client, path, **query):
    answer = get(client, path, **query).json()
    while True:
        yield from answer["results"]
        if answer["next"] is None:
            return
        answer = client.get(answer["next"]).json()


@pytest.mark.parametrize("path", [*LISTS, *DETAILS])
def test_a_visitor_who_is_signed_out_gets_401(path):
    answer = get(APIClient(), path)
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", [*LISTS, *DETAILS])
@pytest.mark.parametrize("person", ["alice", "bob", "charlie"])
def test_only_practitioners_read_the_bare_catalogue(cast, person, path):
    answer = get(phone_of(getattr(cast, person)), path)
    assert answer.status_code == 403
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", [*LISTS, *DETAILS])
def test_a_practitioner_reads_it(dana, path):
    assert get(dana, path).status_code == 200


@pytest.mark.parametrize(
    "path", ["exercises/flying", "protocols/flying", f"sources/{content_id('source', 'nobody')}"]
)
def test_what_is_not_there_is_404(dana, path):
    assert get(dana, path).status_code == 404


def test_a_list_comes_in_pages_of_next_previous_and_results(dana):
    first = get(dana, "exercises", limit=7).json()
    assert set(first) == {"next", "previous", "results"}
    assert len(first["results"]) == 7
    assert first["previous"] is None

    slugs = [row["slug"] for row in pages(dana, "exercises", limit=7)]
    assert slugs == list(Exercise.objects.in_order().values_list("slug", flat=True))


@pytest.mark.parametrize("path", LISTS)
def test_a_broken_cursor_is_422_and_names_the_field(dana, path):
    answer = get(dana, path, cursor=b64encode(b"o=here"))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "cursor"


@pytest.mark.parametrize(
    ("query", "every"),
    [
        ({"modality": "long_pulse"}, lambda row: row["modality"] == "long_pulse"),
        ({"motion": "knee.flexion"}, lambda row: row["motion"] == "knee.flexion"),
        ({"muscle": "triceps"}, lambda row: row["muscle"] == "triceps"),
    ],
)
def test_exercises_can_be_narrowed(dana, query, every):
    rows = list(pages(dana, "exercises", **query))
    assert rows
    assert all(map(every, rows))


def test_protocols_can_be_narrowed_to_a_condition(dana):
    slugs = [row["slug"] for row in pages(dana, "protocols", condition="radial_nerve_palsy")]
    assert slugs == ["radial-nerve-palsy-early"]


def test_the_query_decides_the_language_before_the_header(dana):
    answer = dana.get(
        "/api/v1/exercises/prom-elbow-flexion?lang=zh-Hans", headers={"Accept-Language": "en"}
    )
    assert answer.json()["name"] == "被动屈肘"
    assert answer["Content-Language"] == "zh-Hans"
    assert "Accept-Language" in answer["Vary"]


@pytest.mark.parametrize(
    ("header", "name"), [("en-GB", "Passive elbow flexion"), ("zh-TW", "被动屈肘")]
)
def test_the_header_decides_where_the_query_does_not(dana, header, name):
    answer = dana.get("/api/v1/exercises/prom-elbow-flexion", headers={"Accept-Language": header})
    assert answer.json()["name"] == name


def test_without_either_it_is_the_readers_own_language(dana):
    assert get(dana, "exercises/prom-elbow-flexion").json()["name"] == "Passive elbow flexion"


def test_a_language_that_does_not_exist_is_422_and_names_the_field(dana):
    answer = get(dana, "exercises", lang="zh-Hant")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "lang"


@pytest.mark.parametrize("path", [*LISTS, *DETAILS])
def test_an_english_answer_holds_no_chinese(dana, path):
    assert not HAN.search(get(dana, path, lang="en", limit=200).content.decode())


def test_an_exercise_says_how_it_is_done_what_to_watch_and_how_well_it_is_proven(dana):
    answer = get(dana, "exercises/prom-shoulder-flexion").json()

    assert answer["steps"][0].startswith("Look at skin and joint")
    assert answer["stop_at"]
    assert "subluxed_shoulder" in [row["code"] for row in answer["precautions"]]
    assert answer["evidence"]["kind"] == "human-trial"
    assert answer["last_reviewed"] is None
    assert {"source", "section"} <= answer["sources"][0].keys()
    angle = next(row for row in answer["dose_fields"] if row["code"] == "end_angle_degrees")
    assert (angle["hard_min"], angle["hard_max"], angle["unit"]) == (-10, 200, "°")


def test_a_withdrawn_exercise_is_out_of_the_list_but_still_readable(dana):
    Exercise.objects.filter(slug="turning").update(withdrawn_at=LOADED)

    assert "turning" not in [row["slug"] for row in pages(dana, "exercises")]
    assert get(dana, "exercises/turning").json()["withdrawn_at"] is not None


def test_a_protocol_gives_ranges_with_sources_and_null_where_there_is_none(dana):
    answer = get(dana, "protocols/radial-nerve-palsy-early").json()
    items = {item["code"]: item for item in answer["items"]}

    pulses = items["long-pulse-extensors"]["dose"]
    assert pulses["amplitude_ma"] is None
    assert pulses["pulse_width_ms"]["low"] == 120
    assert pulses["pulse_width_ms"]["sources"] == ["denervated-early-stimulation"]
    assert items["splint"]["kind"] == "care"
    assert answer["gates"]
    assert answer["conditions"]


def test_a_withdrawn_protocol_keeps_the_items_it_had_to_the_end(dana):
    protocol = Protocol.objects.get(slug="standing-programme")
    early = LOADED.replace(day=1)
    Protocol.objects.filter(pk=protocol.pk).update(withdrawn_at=LOADED)
    protocol.items.update(withdrawn_at=LOADED)
    ProtocolItem.objects.filter(protocol=protocol, code="tilt").update(withdrawn_at=early)

    codes = [item["code"] for item in get(dana, "protocols/standing-programme").json()["items"]]
    assert {"stand", "skin"} < set(codes)
    assert "tilt" not in codes


def test_a_source_shows_which_sections_are_used_and_how(dana):
    answer = get(dana, DETAILS[2]).json()
    uses = {section["number"]: section for section in answer["sections"]}

    assert "prom-elbow-flexion" in uses["2.5"]["exercises"]
    assert "radial-nerve-palsy-early" in uses["2.5"]["protocols"]
    assert uses["2.2"]["exercises"] == []


def test_a_condition_says_what_it_bars(dana):
    rows = {row["code"]: row for row in pages(dana, "conditions", limit=200)}
    bars = {bar["code"]: bar for bar in rows["pacemaker_or_icd"]["contraindications"]}
    assert bars["pacemaker_stimulation"]["level"] == "absolute"
    assert rows["stroke"]["contraindications"] == []


@pytest.mark.parametrize("path", LISTS)
def test_the_number_of_statements_does_not_grow_with_the_rows(dana, path):
    assert statements(dana, path, limit=2) == statements(dana, path, limit=5)


@pytest.mark.parametrize("path", DETAILS)
def test_a_detail_takes_few_statements(dana, path):
    assert statements(dana, path) <= 24


def statements(client, path, **query):
    with CaptureQueriesContext(connection) as captured:
        assert get(client, path, **query).status_code == 200
    # A connection prepares its statements once, in whichever test comes first.
    return len([query for query in captured if not query["sql"].startswith("PREPARE")])
