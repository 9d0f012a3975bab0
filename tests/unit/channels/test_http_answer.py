"""Reading an answer: the quick look at the commonest one says what reading in full says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patients.channels.http_answer import LONGEST_ANSWER, parsed, plainly_taken, read_in_full

CREATED = b"HTTP/1.1 201 Created\r\nLocation: /message\r\nContent-Length: 0\r\n\r\n"
TAKEN = [
    CREATED,
    b"HTTP/1.1 201 Created\r\nlocation: /m/1\r\ncontent-length: 0\r\ndate: Mon, 19 Oct\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nCONTENT-LENGTH: 0\r\n\r\n",
    b"HTTP/1.1 204 No Content\r\nServer: x\r\n\r\n",
    b"HTTP/1.1 204 \r\n\r\n",
]
# What looks like one that was taken, and what it is: status, and whether the connection may stay.
ODD = [
    (CREATED + CREATED, (201, False)),
    (CREATED + b"x", (201, False)),
    (CREATED[:-2], None),
    (CREATED[:20], None),
    (b"HTTP/1.1 103 Early\r\nContent-Length: 0\r\n\r\n", None),
    (b"HTTP/1.1 100 Continue\r\n\r\n" + CREATED, (201, True)),
    (b"HTTP/1.1 102 X\r\n\r\nHTTP/1.1 103 Y\r\n\r\n" + CREATED[:30], None),
    (b"HTTP/1.1 201 Created\r\n\r\n", (201, False)),
    (b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n", None),
    (b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok", (201, True)),
    (b"HTTP/1.1 201 Created\r\nContent-Length: 00\r\n\r\n", (201, True)),
    (b"HTTP/1.1 201 Created\r\nContent-Length:0\r\n\r\n", (201, True)),
    (b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\nContent-Length: 3\r\n\r\n", None),
    (b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\nContent-Length : 3\r\n\r\n", None),
    (b"HTTP/1.1 201 Created\r\nX-Content-Length: 0\r\n\r\n", (201, False)),
    (b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", (201, False)),
    (b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\nCONNECTION:  Close\r\n\r\n", (201, False)),
    (b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n", (201, True)),
    (b"HTTP/1.1 204 None\r\nconnection: close\r\n\r\n", (204, False)),
    (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n", (200, False)),
    (b"HTTP/1.0 201 Created\r\nContent-Length: 0\r\n\r\n", (201, False)),
    (b"HTTP/1.1 201\r\nContent-Length: 0\r\n\r\n", (201, True)),
    (b"HTTP/1.1 307 Away\r\nContent-Length: 0\r\n\r\n", (307, True)),
    (b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n", (410, True)),
]
NO_HTTP = [
    *("HTTP/1.1 2xx", "HTTP/1.1 2000", "HTTP/1.1 200\rX", "HTTP/1.1  200", "HTTP/1.1 2²0"),
    "http/1.1 200",
]
FIRST = b"HTTP/1.1 201 Created|HTTP/1.1 204 X|HTTP/1.1 2|HTTP/1.1 100 Go on|HTTP/1.0 200 OK".split(
    b"|"
)
LINES = (
    b"content-length: 0|Content-Length: 0|content-length: 7|content-length : 7|content-length"
    b"|\xa0content-length: 7|Connection: close|connection: x|Transfer-Encoding: chunked|Date: x|\r|"
).split(b"|")
LAST = [b"", b"\r\n", b"\r\n\r\n", b"\r\n\r\nx", b"\r\n\r\n" + CREATED]


def outcome(read: bytes, reader=parsed):
    try:
        return reader(read)
    except ValueError:
        return "not HTTP"


@pytest.mark.parametrize("read", TAKEN)
def test_the_commonest_answers_are_known_at_a_glance(read):
    answer = plainly_taken(read)
    assert (answer, True) == read_in_full(read)
    assert "content-length: 0" not in read.decode() or answer.headers["content-length"] == "0"


@given(st.sampled_from(FIRST), st.lists(st.sampled_from(LINES), max_size=4), st.sampled_from(LAST))
def test_a_glance_never_says_anything_else_than_reading_in_full(first, lines, last):
    read = b"\r\n".join([first, *lines]) + last
    assert outcome(read) == outcome(read, read_in_full)


@pytest.mark.parametrize(("read", "meant"), ODD)
def test_what_looks_like_it_is_read_for_what_it_is(read, meant):
    found = parsed(read)
    assert (found and (found[0].status, found[1])) == meant


@pytest.mark.parametrize("first", NO_HTTP)
def test_what_is_no_http_is_not_taken_for_an_answer(first):
    read = f"{first} OK\r\nContent-Length: 0\r\n\r\n".encode("latin-1")
    assert outcome(read) == "not HTTP"


def test_an_answer_in_pieces_is_one_answer_when_its_last_byte_is_there():
    assert all(parsed(CREATED[:size]) is None for size in range(len(CREATED)))
    assert parsed(CREATED) is not None


def test_early_hints_without_an_end_are_no_answer():
    hint = b"HTTP/1.1 103 Early\r\n\r\n"
    assert outcome(hint * 1500) is None
    assert outcome(hint * (LONGEST_ANSWER // len(hint) + 1)) == "not HTTP"
