import pytest

from exercises import reference


def test_every_gate_question_of_a_modality_can_be_asked():
    for modality in reference.modalities().values():
        for code in (*modality.gate_questions, *modality.gate_questions_where_insensate):
            assert reference.gate_questions()[code].answers


def test_skin_and_pressure_are_asked_about_wherever_they_matter():
    for modality in reference.modalities().values():
        questions = [reference.gate_questions()[code] for code in modality.gate_questions]
        if modality.skin_matters:
            assert any(question.moment == "end" for question in questions), modality.code
        if modality.pressure_matters:
            assert "pressure_before" in modality.gate_questions, modality.code


def test_not_looking_at_the_skin_does_not_let_training_start():
    for code in ("skin_before", "skin_after"):
        answers = {answer.code: answer for answer in reference.gate_questions()[code].answers}
        assert not answers["not_looked"].starts


def test_the_two_kinds_of_stimulation_share_no_pulse_width():
    for modality in reference.modalities().values():
        used = {use.code for use in modality.fields}
        assert "pulse_width_us" not in used or modality.physics == "intact"
        assert "pulse_width_ms" not in used or modality.physics == "denervated"


def test_every_field_says_its_range_its_source_and_its_owner():
    for field in reference.dose_fields().values():
        assert field.hard_min < field.hard_max
        assert field.source
        assert field.owner


def test_long_pulses_may_be_slower_than_one_a_second():
    assert reference.limits("frequency_hz", modality="long_pulse").hard_min < 0.5
    assert reference.limits("frequency_hz", modality="fes_nmes").hard_min == 1


def test_amplitude_may_be_higher_on_denervated_muscle():
    assert reference.limits("amplitude_ma", modality="fes_nmes").hard_max == 200
    assert reference.limits("amplitude_ma", modality="long_pulse").hard_max == 300


def test_an_angle_takes_its_range_from_the_joint():
    knee = reference.limits("end_angle_degrees", motion="knee.flexion")
    ankle = reference.limits("end_angle_degrees", motion="ankle.dorsiflexion")
    assert (knee.hard_min, knee.hard_max) == (-20, 170)
    assert (ankle.hard_min, ankle.hard_max) == (-60, 70)


def test_a_crisis_can_be_recorded():
    pressure = reference.dose_fields()["systolic_during_mmhg"]
    assert pressure.hard_min <= 30
    assert pressure.hard_max >= 330


@pytest.mark.parametrize("unknown", [{"modality": "juggling"}, {"motion": "tail.wag"}])
def test_an_unknown_modality_or_motion_is_an_error(unknown):
    with pytest.raises(KeyError):
        reference.limits("end_angle_degrees", **unknown)


def test_terms_cannot_be_changed():
    with pytest.raises(TypeError):
        reference.dose_fields()["pain"] = None
    with pytest.raises(AttributeError):
        reference.dose_fields()["pain"].hard_max = 11


def test_labels_read_like_a_mapping_in_both_languages():
    labels = reference.motions()["shoulder.flexion"].labels
    assert labels["en"] == "Shoulder flexion"
    assert set(dict(labels)) == {"zh-Hans", "en"}


def test_every_dysreflexia_sign_can_be_ticked():
    signs = {s.code for s in reference.symptoms().values() if s.group == "dysreflexia"}
    assert {"pounding_headache", "flushing", "sweating", "slow_pulse", "fast_pulse"} <= signs
