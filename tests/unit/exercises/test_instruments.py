"""The registry of instruments: complete, honest about licences, and quoting its cut-offs whole."""

import re

import pytest

from exercises.sheets.library import read_library
from exercises.sheets.reading import CONTENT

# The table of assessment instruments: what can be scored, its range and step, which way is better.
TABLE = {
    "mrc": ("strength", "0..5", "up", "free"),
    "modified_ashworth": ("tone", "0..4", "down", "free"),
    "goniometry": ("angle_degrees", (-60, 200, 1), "context", "free"),
    "girth": ("girth_cm", (5, 150, 0.1), "context", "free"),
    "grip": ("grip_kg", (0, 100, 0.1), "up", "free"),
    "gait_speed": ("speed_m_s", (0, 3, 0.01), "up", "free"),
    "sppb": ("total", (0, 12, 1), "up", "free"),
    "chair_stand_5": ("seconds", (3, 120, 0.01), "down", "free"),
    "sarc_f": ("total", (0, 10, 1), "down", "ask"),
    "calf_circumference": ("girth_cm", (5, 150, 0.1), "context", "free"),
    "modified_barthel": ("total", (0, 100, 1), "up", "ask"),
    "katz": ("total", (0, 6, 1), "up", "ask"),
    "nihss": ("total", (0, 42, 1), "down", "free"),
    "pain_nrs": ("pain", (0, 10, 1), "down", "free"),
    "pain_vas": ("pain_mm", (0, 100, 1), "down", "free"),
    "borg": ("rpe", (6, 20, 1), "context", "fee"),
    "isncsci": ("ais", "A..E", "up", "ask"),
    "penn_spasm": ("frequency", "0..4", "down", "free"),
    "bmd": ("density_g_cm2", (0.1, 2.5, 0.001), "up", "free"),
    "skin_check": ("stage", "none..dti", "down", "ask"),
    "sf_36": ("scale_score", (0, 100, 0.01), "up", "fee"),
    "rand_36": ("bodily_pain", (0, 100, 0.01), "up", "free"),
    "eq_5d": ("vas", (0, 100, 1), "up", "registration"),
    "clinical_frailty": ("level", (1, 9, 1), "down", "ask"),
}
AWGS_2019 = {
    ("grip", "grip_kg", "male", "<", 28),
    ("grip", "grip_kg", "female", "<", 18),
    ("gait_speed", "speed_m_s", "any", "<", 1.0),
    ("chair_stand_5", "seconds", "any", ">=", 12),
    ("sppb", "total", "any", "<=", 9),
    ("muscle_mass", "dxa_kg_m2", "male", "<", 7.0),
    ("muscle_mass", "dxa_kg_m2", "female", "<", 5.4),
    ("muscle_mass", "bia_kg_m2", "male", "<", 7.0),
    ("muscle_mass", "bia_kg_m2", "female", "<", 5.7),
    ("sarc_f", "total", "any", ">=", 4),
    ("sarc_f", "calf_total", "any", ">=", 11),
    ("calf_circumference", "girth_cm", "male", "<", 34),
    ("calf_circumference", "girth_cm", "female", "<", 33),
}
EWGSOP2 = {
    ("grip", "grip_kg", "male", "<", 27),
    ("grip", "grip_kg", "female", "<", 16),
    ("chair_stand_5", "seconds", "any", ">", 15),
    ("gait_speed", "speed_m_s", "any", "<=", 0.8),
    ("sppb", "total", "any", "<=", 8),
    ("timed_up_and_go", "seconds", "any", ">=", 20),
    ("walk_400_m", "minutes", "any", ">=", 6),
    ("muscle_mass", "dxa_kg_m2", "male", "<", 7.0),
    ("muscle_mass", "dxa_kg_m2", "female", "<", 5.5),
}
ORDINAL = {
    *("mrc", "modified_ashworth", "sppb", "sarc_f", "modified_barthel", "katz", "nihss"),
    *("pain_nrs", "isncsci", "penn_spasm", "skin_check", "clinical_frailty", "effort_words"),
}
# Words by which a grade is called without saying what the form says about it.
BARE = re.compile(r"(Grade|Level|Stage) [A-Z0-9+-]+|No injury|Unstageable|Deep tissue injury")


@pytest.fixture(scope="module")
def instruments():
    return {code: each.item for code, each in read_library(CONTENT).instruments.items()}


@pytest.mark.parametrize("code", TABLE)
def test_the_registry_has_every_instrument_of_the_table(instruments, code):
    score_code, extent, better, licence = TABLE[code]
    item = instruments[code]
    score = next(each for each in item.scores if each.code == score_code)
    if isinstance(extent, str):
        grades = [grade.code for grade in score.grades]
        assert f"{grades[0]}..{grades[-1]}" == extent
    else:
        assert (score.minimum, score.maximum, score.step) == extent
    assert (item.better, item.licence.status) == (better, licence)


def test_ashworth_keeps_its_one_plus_between_one_and_two(instruments):
    (tone,) = instruments["modified_ashworth"].scores
    assert [(g.code, g.rank) for g in tone.grades] == [
        ("0", 0),
        ("1", 1),
        ("1+", 2),
        ("2", 3),
        ("3", 4),
        ("4", 5),
    ]


def test_only_clinicians_grade_strength_with_plus_and_minus(instruments):
    (strength,) = instruments["mrc"].scores
    shaded = {grade.code for grade in strength.grades if grade.clinicians_only}
    assert shaded == {grade.code for grade in strength.grades if grade.code[-1] in "+-"}
    assert {grade.code for grade in strength.grades} - shaded == set("012345")


def test_ordinal_scores_are_marked_so_that_nobody_averages_them(instruments):
    assert {code for code, item in instruments.items() if item.ordinal} == ORDINAL
    graded = {code for code, item in instruments.items() if any(s.grades for s in item.scores)}
    assert graded <= ORDINAL


def test_what_is_not_free_holds_no_wording_of_its_form(instruments):
    for code, item in instruments.items():
        if item.licence.status == "free":
            continue
        for score in item.scores:
            for grade in score.grades:
                assert BARE.fullmatch(grade.labels.en), f"{code}: {grade.labels.en}"


def test_what_needs_a_paid_licence_is_not_offered(instruments):
    paid = {code for code, item in instruments.items() if item.licence.status == "fee"}
    assert paid == {code for code, item in instruments.items() if not item.licence.offered}
    assert paid == {"borg", "sf_36"}
    assert instruments["effort_words"].licence.offered
    assert instruments["rand_36"].licence.offered


@pytest.mark.parametrize(("criteria", "quoted"), [("AWGS 2019", AWGS_2019), ("EWGSOP2", EWGSOP2)])
def test_cut_offs_are_quoted_with_their_set_and_year(instruments, criteria, quoted):
    found = {
        (code, cut.score, cut.sex, cut.comparator, cut.value)
        for code, item in instruments.items()
        for cut in item.cut_offs
        if (cut.criteria, cut.year) == (criteria, 2019)
    }
    assert found == quoted


def test_no_other_criteria_set_is_quoted(instruments):
    assert {cut.criteria for item in instruments.values() for cut in item.cut_offs} == {
        "AWGS 2019",
        "EWGSOP2",
    }


def test_every_meaningful_change_names_its_people_and_its_source(instruments):
    changes = [change for item in instruments.values() for change in item.changes]
    assert len(changes) > 15
    for change in changes:
        assert len(change.population.en) > 10
        assert change.citations
    by_kind = {
        (code, change.kind): change.value
        for code, item in instruments.items()
        for change in item.changes
    }
    assert by_kind["goniometry", "noise"] == 5
    assert by_kind["gait_speed", "small"] == 0.05
    assert by_kind["gait_speed", "substantial"] == 0.10
    assert by_kind["pain_nrs", "meaningful"] == 1
    assert by_kind["modified_barthel", "meaningful"] == 9
    assert by_kind["grip", "meaningful"] == 5.0


def test_nobody_is_told_what_they_have(instruments):
    for code, item in instruments.items():
        said = f"{item.about.en} {item.licence.notes.en}".lower()
        assert "you have" not in said, code
        assert "diagnos" not in said, code


def test_bone_density_is_not_measured_again_before_a_year(instruments):
    bone = instruments["bmd"]
    assert bone.earliest_weeks == 52
    assert bone.reassess_weeks == 104
    assert {"site", "side", "device"} <= set(bone.scores[0].needs)
    assert {code for code, item in instruments.items() if item.earliest_weeks} == {"bmd"}


def test_only_what_a_programme_measures_at_three_and_six_months_comes_round(instruments):
    assert {code for code, item in instruments.items() if item.reassess_weeks == 13} == {
        *("mrc", "goniometry", "girth", "grip", "gait_speed", "chair_stand_5")
    }
    assert {item.reassess_weeks for item in instruments.values()} == {None, 13, 104}


def test_cannot_feel_and_not_able_are_answers_of_their_own(instruments):
    assert instruments["pain_nrs"].scores[0].cannot_feel_allowed
    assert instruments["chair_stand_5"].scores[0].unable_allowed
    assert all(score.not_testable_allowed for score in instruments["isncsci"].scores)


def test_severity_of_spasms_is_asked_only_where_there_are_spasms(instruments):
    frequency, severity = instruments["penn_spasm"].scores
    assert severity.only_if == frequency.code
    assert [grade.code for grade in severity.grades] == ["1", "2", "3"]


def test_the_level_of_an_injury_runs_from_c1_to_s4_5(instruments):
    levels = {score.code: score.grades for score in instruments["isncsci"].scores}
    assert [levels["nli"][0].code, levels["nli"][-1].code] == ["C1", "S4-5"]
    assert len(levels["nli"]) == 29
    assert levels["nli"] == levels["motor_level"] == levels["sensory_level"]


def test_nobody_has_reviewed_the_registry_yet(instruments):
    assert {item.last_reviewed for item in instruments.values()} == {None}
