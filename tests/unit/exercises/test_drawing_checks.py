"""Each rule between drawings, the mannequin and what is drawn, broken once."""

import pytest

from exercises.sheets.checks import problems
from exercises.sheets.library import read_library
from tests.unit.exercises.sheets import copied_sheets, rewrite

BROKEN = [
    ("drawings.yaml", "code: knee.flexion", "code: knee.wiggle", "drawing: 'knee.flexion' is not"),
    ("drawings.yaml", "code: knee.flexion", "code: knee.wiggle", "code: 'knee.wiggle' is not"),
    ("drawings.yaml", "view: front", "view: dream", "view: 'dream' is not known"),
    ("drawings.yaml", "show: [trunk", "show: [tail", "show: 'tail' is not known"),
    ("drawings.yaml", "fit: [trunk", "fit: [tail", "fit: 'tail' is not known"),
    ("drawings.yaml", "elbow.flexion: 25", "elbow.wiggle: 25", "posture: 'elbow.wiggle' is not"),
    ("drawings.yaml", "finger_pip.flexion: 16", "finger_zip.flexion: 16", "posture: 'finger_zip"),
    ("drawings.yaml", "{knee.flexion: 1.05}", "{knee.wiggle: 1}", "along_with: 'knee.wiggle' is"),
    ("drawings.yaml", "{bone: forearm, along", "{bone: tail, along", "helper: 'tail' is not known"),
    ("drawings.yaml", "arrow: {bone: foot", "arrow: {bone: tail", "arrow: 'tail' is not known"),
    ("drawings.yaml", "end_degrees: 80", "end_degrees: 180", "end_degrees: shows the normal value"),
    ("drawings.yaml", "end_degrees: 18\n", "end_degrees: 0\n", "end_degrees: shows the normal"),
    ("electrodes.yaml", "code: calf", "code: tongue", "code: 'tongue' is not known"),
    ("electrodes.yaml", "code: calf", "code: tongue", "electrodes: 'calf' is not known"),
    ("electrodes.yaml", "{bone: thigh", "{bone: tail", "pads: 'tail' is not known"),
]


@pytest.mark.parametrize(("sheet", "old", "new", "problem"), BROKEN)
def test_a_drawing_agrees_with_the_mannequin_and_with_what_it_draws(
    tmp_path, sheet, old, new, problem
):
    root = copied_sheets(tmp_path)
    rewrite(root, sheet, old, new)
    said = [str(each) for each in problems(read_library(root))]
    assert any(problem in each for each in said), said


def test_pads_come_in_pairs(tmp_path):
    root = copied_sheets(tmp_path)
    rewrite(root, "electrodes.yaml", "  pads:\n", "  pads: []\n  spare:\n")
    with pytest.raises(ValueError, match="quadriceps"):
        read_library(root)
