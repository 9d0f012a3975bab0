"""Line drawings: one for every motion and muscle, in words too, and never a normal angle."""

import re
from statistics import median
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exercises import pictures, reference
from exercises.pictures import NoDrawing, drawing
from exercises.sheets.library import read_library
from exercises.sheets.reading import CONTENT

LARGEST_BYTES = 7_000
USUAL_BYTES = 4_500
HAN = re.compile(r"[\u3400-\u9fff]")
MOTIONS = sorted(pictures.motions_drawn())
MUSCLES = sorted(pictures.muscles_drawn())
SVG = "{http://www.w3.org/2000/svg}"


def told(svg: str) -> tuple[str, str]:
    """The title and the description that a screen reader says."""
    root = ET.fromstring(svg)
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == title.get("id")
    assert root.get("aria-describedby") == description.get("id")
    return title.text, description.text


def test_every_motion_is_drawn_and_every_muscle_that_is_stimulated():
    stimulated = set()
    for placed in read_library(CONTENT).exercises.values():
        exercise = placed.item
        if reference.modalities()[exercise.modality].physics is not None:
            stimulated |= {exercise.muscle, *exercise.other_muscles}
    assert set(MOTIONS) == set(reference.motions())
    assert stimulated <= set(MUSCLES) <= set(reference.muscles())


def test_pads_are_drawn_for_stimulation_alone():
    asked = {"motion": None, "muscles": ["quadriceps", None, "hamstrings"]}
    pads = pictures.drawn_for(modality="fes_cycling", **asked)
    assert pads == [{"muscle": "quadriceps"}, {"muscle": "hamstrings"}]
    assert pictures.drawn_for(modality="strength", **asked) == []
    passive = {"modality": "passive_range_of_motion", "motion": "knee.flexion", "muscles": []}
    assert pictures.drawn_for(**passive) == [{"motion": "knee.flexion"}]
    assert pictures.drawn_for(modality="nothing_we_know", **asked) == []


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
@pytest.mark.parametrize("side", ["left", "right", "both"])
def test_every_drawing_says_in_words_what_it_shows_and_no_number(language, side):
    drawn = [drawing(motion=each, side=side, language=language) for each in MOTIONS]
    drawn += [drawing(muscle=each, side=side, language=language) for each in MUSCLES]
    for svg in drawn:
        title, description = told(svg)
        assert len(description) > 12
        assert not re.search(r"\d", description), title
        assert not re.search(r"\d\d|°", title)  # the first toe joint is called MTP 1
        assert bool(HAN.search(title + description)) is (language == "zh-Hans")
        assert "<text" not in svg


def test_a_drawing_without_a_plan_stops_before_the_normal_value():
    for code, drawn in pictures.motions_drawn().items():
        normal, start, end = (
            reference.motions()[code].normal_degrees,
            drawn.start_degrees,
            drawn.end_degrees,
        )
        assert end != normal
        assert abs(end - start) > 5, f"{code} hardly moves"
        assert normal - end >= 3 if end > start else end - normal >= 10, code


@pytest.mark.parametrize("motion", MOTIONS)
def test_a_drawing_in_a_plan_ends_at_the_plan_s_maximum(motion):
    own = pictures.motions_drawn()[motion]
    half_way = (own.start_degrees + own.end_degrees) / 2
    shorter = drawing(motion=motion, end_degrees=half_way, language="en")
    assert shorter != drawing(motion=motion, end_degrees=own.end_degrees, language="en")
    assert "ends where the plan ends" in told(shorter)[1]
    assert "ends where" not in told(drawing(motion=motion, language="en"))[1]


def test_zero_is_a_maximum_and_not_the_absence_of_one():
    stopped = drawing(motion="hip.abduction", end_degrees=0, language="en")
    assert "ends where the plan ends" in told(stopped)[1]
    assert 'class="way"' not in stopped


def test_what_cannot_be_recorded_is_drawn_at_the_edge_of_the_range():
    most = reference.motions()["knee.flexion"].hard_max_degrees
    assert drawing(motion="knee.flexion", end_degrees=4_000, language="en") == drawing(
        motion="knee.flexion", end_degrees=most, language="en"
    )


def test_the_left_side_is_the_mirror_image_and_says_so():
    right = drawing(motion="elbow.flexion", side="right", language="zh-Hans")
    left = drawing(motion="elbow.flexion", side="left", language="zh-Hans")
    assert "matrix(-1 0 0 1" in left
    assert "matrix" not in right
    assert told(left)[0] == "肘关节屈曲（左侧）"
    assert told(right)[0] == "肘关节屈曲（右侧）"


def test_no_two_drawings_are_alike():
    drawn = [drawing(motion=each, language="en") for each in MOTIONS]
    drawn += [drawing(muscle=each, language="en") for each in MUSCLES]
    shapes = {re.sub(r'id="[^"]*"|#\w+|<title.*</desc>', "", svg) for svg in drawn}
    assert len(shapes) == len(drawn)


def test_the_page_s_policy_allows_a_drawing_and_a_file_brings_its_own_colours():
    inline = drawing(motion="elbow.flexion", language="en")
    alone = drawing(motion="elbow.flexion", language="en", standalone=True)
    assert "style=" not in inline
    assert "<style" not in inline
    assert "prefers-color-scheme: dark" in ET.fromstring(alone).find(f"{SVG}style").text
    assert not re.search(r"(fill|stroke)=", inline), "colours come from the stylesheet"


def test_drawings_are_small():
    sizes = [len(drawing(motion=each, language="zh-Hans").encode()) for each in MOTIONS]
    sizes += [len(drawing(muscle=each, language="zh-Hans").encode()) for each in MUSCLES]
    assert max(sizes) <= LARGEST_BYTES
    assert median(sizes) <= USUAL_BYTES


def test_ids_do_not_repeat_on_a_page_that_shows_a_drawing_twice():
    first = drawing(motion="knee.flexion", language="en", occurrence=1)
    second = drawing(motion="knee.flexion", language="en", occurrence=2)
    ids = re.findall(r'\bid="([^"]+)"', first + second)
    assert len(ids) == len(set(ids))
    for svg in (first, second):
        assert set(re.findall(r'href="#([^"]+)"', svg)) <= set(re.findall(r'\bid="([^"]+)"', svg))


@pytest.mark.parametrize("asked", [{}, {"motion": "knee.flexion", "muscle": "calf"}])
def test_a_drawing_is_of_a_motion_or_of_a_muscle(asked):
    with pytest.raises(ValueError, match="a motion or a muscle"):
        drawing(language="en", **asked)


@pytest.mark.parametrize("asked", [{"motion": "ear.flexion"}, {"muscle": "tongue"}])
def test_what_nobody_has_drawn_is_named(asked):
    with pytest.raises(NoDrawing):
        drawing(language="en", **asked)


@settings(max_examples=60, deadline=None)
@given(
    motion=st.sampled_from(MOTIONS), share=st.floats(0, 1), side=st.sampled_from(["left", "right"])
)
def test_any_angle_that_can_be_recorded_can_be_drawn(motion, share, side):
    limits = reference.motions()[motion]
    end = limits.hard_min_degrees + share * (limits.hard_max_degrees - limits.hard_min_degrees)
    svg = drawing(motion=motion, side=side, end_degrees=end, language="en")
    ET.fromstring(svg)
    assert not re.search(r"nan|inf[^l]", svg.partition("</desc>")[2])
