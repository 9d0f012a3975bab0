import pytest

from exercises.domain.identity import content_id
from exercises.domain.languages import chosen_language


def test_the_same_slug_has_the_same_id_for_ever():
    assert str(content_id("exercise", "standing-frame")) == "4b92534f-4638-5ac6-9ba5-69f75cf4afd5"


def test_an_exercise_and_a_protocol_of_one_name_have_different_ids():
    assert content_id("exercise", "standing") != content_id("protocol", "standing")


@pytest.mark.parametrize(
    ("accepted", "own", "chosen"),
    [
        ("en", None, "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", None, "zh-Hans"),
        ("zh-Hant-TW", None, "zh-Hans"),
        ("en;q=0.2, zh-Hans;q=0.7", None, "zh-Hans"),
        ("zh;q=0, en;q=0.1", None, "en"),
        ("fr, de;q=0.9", "en", "en"),
        ("", "en", "en"),
        ("", None, "zh-Hans"),
        ("*", None, "zh-Hans"),
        ("en;q=often", "zh-Hans", "zh-Hans"),
    ],
)
def test_the_reader_gets_the_first_language_that_exists(accepted, own, chosen):
    assert chosen_language(accepted=accepted, own=own) == chosen
