"""The mannequin bends as people do: each motion moves the right part to the right place."""

import re
from math import acos, degrees, hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises import reference
from exercises.domain.drawing.anatomy import BONES
from exercises.domain.drawing.arrows import arrow
from exercises.domain.drawing.camera import HEIGHT, VIEWS, WIDTH, camera
from exercises.domain.drawing.hulls import Circle, outline
from exercises.domain.drawing.posture import frame_of, place, stand

LEFT, UP, AHEAD = 0, 1, 2
# What moves, and where to: x to the person's left (the midline, for a right limb), y up, z ahead.
MOVES = [
    ("shoulder.flexion", "hand", AHEAD, 1),
    ("shoulder.extension", "hand", AHEAD, -1),
    ("shoulder.abduction", "hand", LEFT, -1),
    ("elbow.flexion", "hand", AHEAD, 1),
    ("wrist.flexion", "middle_end", LEFT, 1),
    ("wrist.extension", "middle_end", LEFT, -1),
    ("wrist.radial_deviation", "middle_end", AHEAD, 1),
    ("wrist.ulnar_deviation", "middle_end", AHEAD, -1),
    ("finger_mcp.flexion", "index_end", LEFT, 1),
    ("finger_mcp.extension", "index_end", LEFT, -1),
    ("finger_pip.flexion", "index_end", LEFT, 1),
    ("thumb_cmc.abduction", "thumb_end", LEFT, 1),
    ("thumb_mcp.flexion", "thumb_end", AHEAD, -1),
    ("hip.flexion", "foot", AHEAD, 1),
    ("hip.extension", "foot", AHEAD, -1),
    ("hip.abduction", "foot", LEFT, -1),
    ("hip.adduction", "foot", LEFT, 1),
    ("hip.internal_rotation", "big_toe", LEFT, 1),
    ("hip.external_rotation", "big_toe", LEFT, -1),
    ("knee.flexion", "foot", AHEAD, -1),
    ("ankle.dorsiflexion", "big_toe", UP, 1),
    ("ankle.plantarflexion", "big_toe", UP, -1),
    ("neck.flexion", "head", AHEAD, 1),
    ("neck.extension", "head", AHEAD, -1),
    ("neck.lateral_flexion", "head", LEFT, -1),
]


@pytest.mark.parametrize(("motion", "bone", "axis", "way"), MOVES, ids=[m[0] for m in MOVES])
def test_a_motion_takes_its_limb_where_the_body_takes_it(motion, bone, axis, way):
    tip = BONES[bone].tip
    before, after = (frame_of(bone, {motion: angle}).place(tip) for angle in (0, 30))
    assert (after[axis] - before[axis]) * way > 0.3


def test_palms_and_soles_turn_to_the_side_the_motion_is_named_for():
    bent = {"elbow.flexion": 90}
    assert _palm({**bent, "forearm.pronation": 80})[UP] < -0.9
    assert _palm({**bent, "forearm.supination": 80})[UP] > 0.9
    assert _sole({"foot.inversion": 30})[LEFT] > 0.4
    assert _sole({"foot.eversion": 30})[LEFT] < -0.4


def test_the_bent_forearm_turns_inwards_and_outwards_about_the_upper_arm():
    inwards = frame_of("hand", {"elbow.flexion": 90, "shoulder.internal_rotation": 40}).origin
    outwards = frame_of("hand", {"elbow.flexion": 90, "shoulder.external_rotation": 40}).origin
    assert inwards[LEFT] > outwards[LEFT] + 20


def test_the_nose_turns_to_the_person_s_right():
    nose = frame_of("head", {"neck.rotation": 40}).place((0, 13, 10))
    assert nose[LEFT] < -5


@given(st.floats(0, 150))
def test_the_angle_between_start_and_end_is_the_angle_asked_for(angle):
    straight, bent = (_direction("forearm", {"elbow.flexion": each}) for each in (0, angle))
    cosine = sum(a * b for a, b in zip(straight, bent, strict=True))
    assert degrees(acos(max(-1, min(1, cosine)))) == pytest.approx(angle, abs=0.01)


def test_the_other_side_is_the_mirror_image():
    frames = stand({"hip.abduction": 20, "other_hip.abduction": 20, "elbow.flexion": 40})
    own, other = (place(frames, name, (0, 0, 0)) for name in ("foot", "other_foot"))
    assert other == pytest.approx((-own[0], own[1], own[2]))
    assert place(frames, "other_hand", (0, 0, 0))[AHEAD] == pytest.approx(0)


def test_every_motion_of_the_catalogue_turns_a_joint_of_the_mannequin():
    upright = stand({})
    for motion in reference.motions():
        assert stand({motion: 25}) != upright, motion


@pytest.mark.parametrize("view", VIEWS)
def test_a_camera_shows_all_it_is_told_to_fit(view):
    points = [(point, 3.0) for point in ((0, 0, 0), (-20, 50, 8), (15, -80, -5))]
    eye = camera(view).fitted(points, largest=30)
    for point, radius in points:
        circle = eye.ball(point, radius)
        assert circle.radius <= circle.x <= WIDTH - circle.radius
        assert circle.radius <= circle.y <= HEIGHT - circle.radius


def test_the_outline_of_one_circle_is_that_circle():
    assert outline([Circle(50, 40, 10)]) == "M40 40a10 10 0 1 1 20 0a10 10 0 1 1 -20 0z"


def test_a_circle_inside_another_leaves_no_trace():
    assert outline([Circle(50, 40, 10), Circle(51, 41, 3)]) == outline([Circle(50, 40, 10)])


def test_left_and_right_that_lie_behind_each_other_are_drawn_once():
    limb = [Circle(50, 40, 10), Circle(90, 60, 7)]
    twice = [*limb, *(Circle(c.x + 1e-9, c.y - 1e-9, c.radius) for c in limb)]
    assert outline(twice) == outline(limb)


@given(
    st.lists(
        st.builds(Circle, st.floats(0, 600), st.floats(0, 400), st.floats(2, 60)),
        min_size=1,
        max_size=6,
    )
)
def test_an_outline_closes_and_cuts_into_none_of_its_circles(circles):
    path = outline(circles)
    assert path.startswith("M")
    assert path.endswith("z")
    for x, y in _corners(path):
        for circle in circles:
            assert hypot(x - circle.x, y - circle.y) >= circle.radius - 2.5


def test_nothing_that_moves_has_no_arrow():
    assert arrow([(100, 100), (103, 101), (106, 102)]) is None


def test_the_head_of_an_arrow_is_at_its_end():
    _, head = arrow([(0, 0), (40, 0), (80, 0), (120, 0)])
    assert head.startswith("M120 0L")


def _palm(angles):
    frame = frame_of("hand", angles)
    return _minus(frame.place((1, 0, 0)), frame.origin)


def _sole(angles):
    frame = frame_of("foot", angles)
    return _minus(frame.place((0, -1, 0)), frame.origin)


def _direction(bone, angles):
    frame = frame_of(bone, angles)
    return _minus(frame.place((0, -1, 0)), frame.origin)


def _minus(a, b):
    return tuple(x - y for x, y in zip(a, b, strict=True))


def _corners(path):
    """Where lines and arcs of an outline meet."""
    at = (0, 0)
    for right, down in re.findall(r"(?:M|l|a\d+ \d+ 0 \d 1 )(-?\d+) (-?\d+)", path):
        at = at[0] + int(right), at[1] + int(down)
        yield at
