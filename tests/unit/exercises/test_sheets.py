from pathlib import Path

import pytest

from exercises.sheets.checks import read_sound_library
from exercises.sheets.reading import CONTENT, BrokenContentError
from tests.unit.exercises.sheets import copied_sheets, rewrite

PALSY = "protocols/radial_nerve_palsy_early.yaml"

BREAKS = [
    pytest.param(
        "dose_fields.yaml",
        "hard_min: 0, hard_max: 200, step: 1, integer: true, likely: [factor 10, sign],",
        "hard_max: 200, step: 1,",
        "dose_fields.yaml: repetitions: hard_min",
        id="a limit is missing",
    ),
    pytest.param(
        "dose_fields.yaml",
        "unit: Hz",
        "unit: Hz, colour: red",
        "dose_fields.yaml: frequency_hz: colour",
        id="a key nobody knows",
    ),
    pytest.param(
        "dose_fields.yaml",
        "hard_min: 20, hard_max: 1000, soft_max: 600",
        "hard_min: 20, hard_max: 1000, soft_max: 1600",
        "dose_fields.yaml: pulse_width_us: hard_min",
        id="ranges out of order",
    ),
    pytest.param(
        "exercises/stimulation_intact.yaml",
        "muscle: hamstrings",
        "muscle: wings",
        "exercises/stimulation_intact.yaml: fes-hamstrings: muscle",
        id="a muscle nobody has",
    ),
    pytest.param(
        "exercises/passive_arm.yaml",
        "names: {zh-Hans: 被动屈肘, en: Passive elbow flexion}",
        "names: {zh-Hans: 被动屈肘}",
        "exercises/passive_arm.yaml: prom-elbow-flexion: names",
        id="a language is missing",
    ),
    pytest.param(
        "exercises/passive_arm.yaml",
        "en: Passive elbow flexion}",
        "en: Passive elbow 屈曲}",
        "exercises/passive_arm.yaml: prom-elbow-flexion: names.en",
        id="Chinese in the English",
    ),
    pytest.param(
        "exercises/care.yaml",
        "{source: uw-sci-skin}",
        "{source: my-aunt}",
        "exercises/care.yaml: skin-check: citations",
        id="a source nobody listed",
    ),
    pytest.param(
        "exercises/cycling_and_standing.yaml",
        '{source: sci-osteoporosis-review, section: "2.4"}',
        '{source: sci-osteoporosis-review, section: "9.9"}',
        "exercises/cycling_and_standing.yaml: fes-cycling: citations",
        id="a section the source does not have",
    ),
    pytest.param(
        PALSY,
        "low: 120, high: 150",
        "low: 120, high: 1500",
        f"{PALSY}: radial-nerve-palsy-early: items.long-pulse-extensors.dose.pulse_width_ms",
        id="a dose that could not even be recorded",
    ),
    pytest.param(
        PALSY,
        "    amplitude_ma: null\n",
        "",
        f"{PALSY}: radial-nerve-palsy-early: items.long-pulse-extensors.parts.0.dose.amplitude_ma",
        id="a required dose left out instead of null",
    ),
    pytest.param(
        PALSY,
        "pulse_width_ms: {low: 120",
        "pulse_width_us: {low: 120",
        f"{PALSY}: radial-nerve-palsy-early: items.long-pulse-extensors.dose.pulse_width_us",
        id="microseconds for denervated muscle",
    ),
    pytest.param(
        PALSY,
        "high: 10, citations: [{source: nursing-passive-range}]}",
        "high: 10, citations: []}",
        f"{PALSY}: radial-nerve-palsy-early: items.passive-hand.dose.repetitions",
        id="a dose without a source",
    ),
    pytest.param(
        PALSY,
        "exercise: splint-wrist",
        "exercise: prom-wrist-flexion",
        f"{PALSY}: radial-nerve-palsy-early: items.splint.parts.0.exercise",
        id="an exercise of another modality",
    ),
    pytest.param(
        PALSY,
        'at: "11:00"',
        'at: "25:00"',
        f"{PALSY}: radial-nerve-palsy-early: items[1].schedule.slots[0].at",
        id="an hour that no clock shows",
    ),
    pytest.param("skip_reasons.yaml", "", "", "skip_reasons.yaml: -: -", id="a sheet is not there"),
    pytest.param(
        "motions.yaml", "- code: elbow.flexion", "- code: [", "motions.yaml: -: -", id="not YAML"
    ),
]


def test_the_sheets_that_ship_are_sound():
    library = read_sound_library(CONTENT)
    assert len(library.protocols) >= 5


@pytest.mark.parametrize(("sheet", "old", "new", "place"), BREAKS)
def test_a_broken_sheet_is_named_by_file_item_and_field(tmp_path, sheet, old, new, place):
    root = copied_sheets(tmp_path)
    if old:
        rewrite(root, sheet, old, new)
    else:
        (root / sheet).unlink()

    with pytest.raises(BrokenContentError) as broken:
        read_sound_library(root)

    assert any(str(error).startswith(place) for error in broken.value.errors), str(broken.value)


def test_every_mistake_is_named_in_one_pass(tmp_path):
    root = copied_sheets(tmp_path)
    rewrite(root, "muscles.yaml", "region: leg", "region: tail")
    rewrite(root, "conditions.yaml", "kind: diagnosis", "kind: rumour")

    with pytest.raises(BrokenContentError) as broken:
        read_sound_library(root)

    assert {error.file for error in broken.value.errors} == {"muscles.yaml", "conditions.yaml"}


def test_a_key_written_twice_is_an_error(tmp_path):
    root = copied_sheets(tmp_path)
    rewrite(root, "muscles.yaml", "{code: quadriceps,", "{code: quadriceps, region: arm,")

    with pytest.raises(BrokenContentError, match="written twice"):
        read_sound_library(root)


def test_an_item_that_is_there_twice_is_an_error(tmp_path):
    root = copied_sheets(tmp_path)
    path: Path = root / "skip_reasons.yaml"
    path.write_text(path.read_text(encoding="utf-8") * 2, encoding="utf-8")

    with pytest.raises(BrokenContentError, match="is there twice"):
        read_sound_library(root)
