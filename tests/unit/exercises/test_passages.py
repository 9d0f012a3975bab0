import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.domain.passages import Heading, Passages, cut, group_digest, han

PAGE = """ 摘要：前面的话不算。
1  走 路
每天走一走。慢慢来！累了
就停[3]。
2 吃饭
吃软的；少吃
硬的。中间一句：吃药要问医生。问过再吃。
3 清单 鸡蛋 豆腐
燕麦
"""
HEADINGS = (
    Heading("1 走路", "walk"),
    Heading("2 吃饭", "eat"),
    Heading("中间一句：", "ask", inline=True),
    Heading("3 清单", "eat", listed=True),
)


def test_a_document_is_cut_into_numbered_sentences():
    assert cut(PAGE, HEADINGS) == {
        "walk": ["每天走一走。", "慢慢来！", "累了就停[3]。"],
        "eat": ["吃软的；", "少吃硬的。", "鸡蛋", "豆腐", "燕麦"],
        "ask": ["吃药要问医生。", "问过再吃。"],
    }


def test_a_document_without_one_of_the_headings_is_another_document():
    assert cut(PAGE.replace("3 清单", "4 清单"), HEADINGS) is None


def test_headings_in_another_order_are_another_document():
    assert cut(PAGE, HEADINGS[::-1]) is None


def test_a_heading_is_not_taken_from_inside_a_line():
    assert cut("他说1 走路好。", [Heading("1 走路", "walk")]) is None


def test_other_line_breaks_give_the_same_sentences():
    wrapped = PAGE.replace("慢慢来", "慢\n 慢\n来")
    assert cut(wrapped, HEADINGS) == cut(PAGE, HEADINGS)


def test_the_digest_of_a_group_changes_with_any_word_of_it():
    digest = group_digest(["每天走一走。", "慢慢来！"])
    assert len(digest) == 12
    assert digest != group_digest(["每天走一走。", "快快来！"])
    assert digest != group_digest(["每天走一走。慢慢来！"])


SENTENCE = "每天早晚由家里人帮忙把手脚慢慢动一动"


def test_sixteen_shared_characters_are_a_copied_passage():
    known = Passages([f"前面。{SENTENCE}。后面。"])
    assert list(known.shared(f"我们说{SENTENCE[:16]}，好")) == [SENTENCE[:16]]
    assert not list(known.shared(SENTENCE[:15]))


def test_commas_and_line_breaks_hide_no_passage():
    known = Passages([SENTENCE])
    assert list(known.shared("，\n".join(SENTENCE))) == [SENTENCE]


def test_a_passage_does_not_run_from_one_document_into_the_next():
    known = Passages([SENTENCE[:9], SENTENCE[9:]])
    assert not list(known.shared(SENTENCE))


def test_a_term_that_anybody_writes_alike_ends_a_run():
    known = Passages([SENTENCE], allowed=["家里人帮忙"])
    assert not list(known.shared(SENTENCE))
    assert known.longest(SENTENCE) == "把手脚慢慢动一动"


@given(st.text(alphabet="每天早晚动一，"), st.text(alphabet="每天早晚动一，"))
def test_the_longest_run_is_in_both_and_no_longer_one_is(document, text):
    run = Passages([document]).longest(text)
    assert run in han(document)
    assert run in han(text)
    longer = len(run) + 1
    pieces = {han(text)[at : at + longer] for at in range(len(han(text)) - longer + 1)}
    assert not any(piece in han(document) for piece in pieces)


@pytest.mark.parametrize("text", ["", "English only", "，。！"])
def test_text_without_chinese_shares_nothing(text):
    assert Passages([SENTENCE]).longest(text) == ""
