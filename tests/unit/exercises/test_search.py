import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.domain.search import index_vector, search_query


def found(typed, *texts):
    """What PostgreSQL answers to `vector @@ query`, in Python."""
    words = re.findall(r"'([^']*)'", index_vector(texts))
    asked = re.findall(r"'([^']*)'(:\*)?", search_query(typed))
    return bool(asked) and all(
        any(word.startswith(begin) if prefix else word == begin for word in words)
        for begin, prefix in asked
    )


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("被动", "被动活动可以防止关节变硬"),
        ("关节变硬", "被动活动可以防止关节变硬"),
        ("蛋", "鸡蛋羹"),
        ("花生 豆奶", "花生豆奶"),
        ("stretch", "Stretching the calf"),
        ("EGGS", "An egg a day"),
        ("berry", "Berries and nuts"),
        ("dish", "Two dishes"),
        ("FES 踏车", "功能性电刺激（FES）踏车"),
        ("ＦＥＳ", "FES cycling"),
        ("puree", "Purée for lunch"),
        ("31p", "31P spectroscopy"),
    ],
)
def test_what_is_typed_finds_the_text(typed, text):
    assert found(typed, text)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("活被", "被动活动"),
        ("花生", "落花；生姜"),
        ("peanut", "Pea soup"),
        ("被动 walking", "被动活动"),
        ("", "anything"),
        ("!!! '&|", "anything"),
    ],
)
def test_what_is_not_there_is_not_found(typed, text):
    assert not found(typed, text)


def test_a_glass_a_virus_and_a_pelvis_are_no_plurals():
    assert index_vector(["glass virus pelvis"]) == "'glass' 'pelvis' 'virus'"


def test_the_order_of_the_texts_makes_no_difference():
    assert index_vector(["被动活动", "egg"]) == index_vector(["egg", "被动活动"])


@given(st.text())
def test_nothing_typed_becomes_an_operator(typed):
    assert re.fullmatch(r"('[^'\s&|!():*<>\\]+'(:\*)?( & )?)*", search_query(typed))


@given(st.text(alphabet="被动活动关节 egg-Rib，。'\\&"))
def test_every_text_is_found_by_its_own_words(text):
    assert found(text, text) == bool(re.search(r"\w", text))
