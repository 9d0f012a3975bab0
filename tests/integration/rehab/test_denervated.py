"""Case 3, Zhao Min: long pulses for denervated wrist extensors, and what gets mistyped."""

import pytest

from rehab.models import OffPlanEvent, SessionLog
from tests.integration.rehab.scenes import (
    batch,
    flags,
    local,
    long_pulse,
    occurrences,
    offline,
    states,
    told,
)
from tests.integration.rehab.ticking import tick
from tests.plans import assign, in_detail, shoulder, weekly

AT = local(19, 13)


@pytest.fixture
def item():
    return long_pulse(zone="Asia/Urumqi", schedule=weekly("11:00"))


@pytest.fixture
def plan(cast, item):
    return assign(cast, item, at=local(18, 20))


def session(item, at=AT, **measures):
    return in_detail(item.series, at, {item.parts[0].part: measures}, zone="Asia/Urumqi")


def refusal(answer):
    return {error.field: error.code for error in answer.errors}


def test_a_hundred_microseconds_for_a_hundred_milliseconds_is_a_unit(cast, plan, item):
    answer = told(cast, session(item, pulse_width_us=100))
    assert answer.status == 422
    assert refusal(answer) == {"parts.0.measures.pulse_width_us": "unit"}
    assert "100 ms" in answer.errors[0].detail
    corrected = told(cast, session(item, pulse_width_ms=100))
    assert corrected.status == 201
    with cast.inside():
        (part,) = SessionLog.objects.get().told_parts()
    assert part.measures == {"pulse_width_ms": 100}


def test_the_unit_cannot_be_confirmed_away(cast, plan, item):
    entry = in_detail(
        item.series,
        AT,
        {item.parts[0].part: {"pulse_width_us": 100}},
        confirmed=("unit", "wrong_device_class"),
    )
    assert told(cast, entry).status == 422
    assert told(cast, entry, interactive=False).status == 422


def test_fifty_hertz_with_a_hundred_milliseconds_cannot_be(cast, plan, item):
    answer = told(cast, session(item, pulse_width_ms=100, frequency_hz=50))
    assert refusal(answer)["parts.0.measures.frequency_hz"] == "width_times_frequency"
    assert "5" in answer.errors[0].detail


def test_a_negative_current_cannot_be(cast, plan, item):
    answer = told(cast, session(item, amplitude_ma=-12))
    assert refusal(answer) == {"parts.0.measures.amplitude_ma": "negative"}
    assert "12" in answer.errors[0].detail


def test_amperes_are_no_field(cast, plan, item):
    assert refusal(told(cast, session(item, amplitude_a=12))) == {
        "parts.0.measures.amplitude_a": "unknown_field"
    }


def test_a_borrowed_stimulator_is_another_device_class(cast, plan, item):
    answer = told(cast, session(item, pulse_width_us=200, frequency_hz=80))
    assert refusal(answer) == {"parts.0.measures.pulse_width_us": "wrong_device_class"}
    assert flags(cast) == []
    assert states(cast)[0] == "due"


def test_what_was_done_with_it_is_kept_outside_the_plan_with_its_flag(cast, plan, item):
    body = {
        "description": "Mother's massage stimulator",
        "performed_at": AT.isoformat(),
        "zone": "Asia/Urumqi",
        "measures": {"frequency_hz": 80, "pulse_width_us": 200},
    }
    answer = batch(cast, [offline("off_plan_event", body)], at=local(19, 14))[0]
    assert answer.status == 201
    assert [flag.rule for flag in flags(cast)] == ["off-plan-barred"]
    assert flags(cast)[0].because == [{"field": "off_plan", "value": "wrong_device"}]
    with cast.inside():
        event = OffPlanEvent.objects.get()
    assert event.details["measures"] == {"frequency_hz": 80, "pulse_width_us": 200}
    assert states(cast)[0] == "due"


def test_a_part_never_holds_both_widths(cast, plan, item):
    answer = told(cast, session(item, pulse_width_us=200, pulse_width_ms=100))
    assert answer.status == 422


def test_outside_any_plan_in_force_both_widths_are_refused_too(cast, plan, item):
    entry = session(item, local(18, 13), pulse_width_us=200, pulse_width_ms=100)
    answer = told(cast, entry, at=local(19, 13))
    assert set(refusal(answer).values()) == {"unknown_field"}


def test_pulse_widths_have_no_place_in_a_passive_session(cast):
    arm = shoulder()
    assign(cast, arm, at=local(18, 20))
    entry = in_detail(arm.series, local(19, 9), {arm.parts[0].part: {"pulse_width_us": 300}})
    assert refusal(told(cast, entry)) == {"parts.0.measures.pulse_width_us": "unknown_field"}


def test_a_waveform_and_a_sensation_are_chosen_from_their_lists(cast, plan, item):
    assert told(cast, session(item, waveform="triangular", sensation="feels")).status == 201
    assert refusal(told(cast, session(item, local(20, 13), sensation="tingles"))) == {
        "parts.0.measures.sensation": "not_a_choice"
    }


def test_six_days_recalled_at_once_count_and_say_so(cast, plan, item):
    tick(cast, local(27, 23))
    for day in range(22, 28):
        answer = told(
            cast,
            in_detail(
                item.series,
                local(day, 13),
                {item.parts[0].part: {"minutes": 10}},
                zone="Asia/Urumqi",
                source="recalled",
            ),
            at=local(28, 0),
        )
        assert answer.log.placement == "slot"
        assert "recalled" in answer.log.marks
        assert ("late" in answer.log.marks) is (day < 27)


def test_eleven_in_urumqi_is_one_in_shanghai(cast, plan, item):
    assert occurrences(cast)[0].due_at == local(19, 13)


def test_a_blister_on_an_insensate_hand_pauses_the_stimulation(cast, plan, item):
    told(
        cast,
        in_detail(
            item.series,
            AT,
            {item.parts[0].part: {}},
            skin_after="blister",
            zone="Asia/Urumqi",
        ),
    )
    assert [(flag.rule, flag.level) for flag in flags(cast)] == [("skin-burn", "E1")]
    assert set(states(cast)[1:]) == {"paused"}
