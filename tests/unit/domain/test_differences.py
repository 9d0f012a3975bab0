"""What a reviewer sees marked when a wording changed."""

from hypothesis import given
from hypothesis import strategies as st

from rehab.domain.differences import Piece, differences


def marked(pieces: object) -> list[str]:
    return [piece.text for piece in pieces if piece.changed]  # type: ignore[attr-defined]


def test_a_changed_word_is_marked_on_both_sides() -> None:
    before, after = differences("Hold for 5 seconds.", "Hold for 10 seconds.")
    assert before == [Piece("Hold for ", False), Piece("5", True), Piece(" seconds.", False)]
    assert marked(after) == ["10"]


def test_chinese_is_compared_character_by_character() -> None:
    before, after = differences("每天两次", "每天一次")
    assert (marked(before), marked(after)) == (["两"], ["一"])


def test_what_was_added_is_marked_only_where_it_stands() -> None:
    before, after = differences("Stop.", "Stop. Call the clinic.")
    assert marked(before) == []
    assert marked(after) == [" Call the clinic."]


def test_the_same_wording_has_no_marks() -> None:
    before, after = differences("一样 the same", "一样 the same")
    assert marked(before) == marked(after) == []


def test_a_new_text_is_marked_whole() -> None:
    assert differences("", "新的") == ([], [Piece("新的", True)])


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_word_is_lost_and_what_is_unmarked_is_the_same(before: str, after: str) -> None:
    left, right = differences(before, after)
    assert "".join(piece.text for piece in left) == before
    assert "".join(piece.text for piece in right) == after
    kept = ["".join(piece.text for piece in side if not piece.changed) for side in (left, right)]
    assert kept[0] == kept[1]
