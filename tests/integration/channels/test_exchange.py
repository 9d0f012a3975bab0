"""Many posts under way at once in one thread, to servers that behave and servers that do not."""

import ssl
from threading import Timer
from time import monotonic

import pytest

from patients.channels import outgoing
from patients.channels.exchange import Exchange, Post, Ready, ready
from patients.channels.outgoing import NoAnswer, NotPublic, tls_context
from tests.integration.channels.sink import open_sink

LONG = b"x" * 3_000_000


@pytest.fixture
def exchange():
    opened = Exchange()
    yield opened
    opened.close()


def post(url: str, body: bytes = b"body") -> Ready:
    return ready(Post(url, {"TTL": "60"}, body, frozenset()))


def answers(exchange: Exchange, count: int) -> dict:
    """What became of each ticket, as its status or its error."""
    found: dict = {}
    until = monotonic() + 10
    while len(found) < count and monotonic() < until:
        for ticket, result in exchange.results(wait=1):
            found[ticket] = getattr(result, "status", result)
    return found


@pytest.mark.parametrize("kind", ["sink", "tls_sink"])
def test_many_are_under_way_at_once_and_connections_serve_again(exchange, request, kind):
    sink = request.getfixturevalue(kind)
    for round_ in range(3):
        for place in range(5):
            exchange.begin((round_, place), post(f"{sink.url}/{round_}/{place}"))
        assert set(answers(exchange, 5).values()) == {201}
    assert len({each.path for each in sink.requests}) == 15
    assert sink.connections == 5


def test_what_the_socket_does_not_take_at_once_is_sent_on(exchange, sink, tls_sink):
    exchange.begin("plain", post(sink.url, LONG))
    exchange.begin("sealed", post(tls_sink.url, LONG))
    assert answers(exchange, 2) == {"plain": 201, "sealed": 201}
    assert [sink.only.body, tls_sink.only.body] == [LONG, LONG]


def test_connections_are_given_back_to_the_process(sink):
    for _ in range(2):
        exchange: Exchange = Exchange()
        exchange.begin("one", post(sink.url))
        assert answers(exchange, 1) == {"one": 201}
        exchange.close()
    assert sink.connections == 1


def test_a_kept_connection_that_was_closed_meanwhile_is_replaced(exchange, sink):
    sink.closes_silently = True
    for place in range(3):
        exchange.begin(place, post(sink.url))
        assert answers(exchange, 1) == {place: 201}
    assert sink.connections == 3


def test_a_server_that_says_nothing_is_given_up_and_holds_up_no_other(sink, settings):
    settings.OUTGOING_TIMEOUT_SECONDS = 1
    exchange: Exchange = Exchange()
    with open_sink() as other:
        sink.hangs = True
        exchange.begin("mute", post(sink.url))
        exchange.begin("good", post(other.url))
        assert answers(exchange, 1) == {"good": 201}
        assert [str(each) for each in answers(exchange, 1).values()] == ["TimeoutError"]
    exchange.close()


def test_what_is_no_answer_is_said_to_be_none(exchange, sink):
    exchange.begin("nobody", post("http://127.0.0.1:1/"))
    sink.raw = b"SMTP says hello\r\n\r\n"
    exchange.begin("odd", post(sink.url))
    assert {type(each) for each in answers(exchange, 2).values()} == {NoAnswer}


def test_addresses_that_must_not_be_called_are_not(exchange, tls_sink, settings, monkeypatch):
    settings.OUTGOING_PRIVATE_HOSTS = frozenset()
    with pytest.raises(ValueError, match="public"):
        exchange.begin("loopback", post(tls_sink.url))
    port = int(tls_sink.url.rpartition(":")[2])
    found = [(2, 1, 6, "", ("127.0.0.1", port))]
    monkeypatch.setattr(outgoing.socket, "getaddrinfo", lambda *_, **__: found)
    exchange.begin("name", post(f"https://push.example.org:{port}/"))
    assert isinstance(answers(exchange, 1)["name"], NotPublic)
    assert tls_sink.connections == 0


def test_a_certificate_that_nobody_vouches_for_is_refused(exchange, tls_sink, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    tls_context.cache_clear()
    exchange.begin("false", post(tls_sink.url))
    assert str(answers(exchange, 1)["false"]) == ssl.SSLCertVerificationError.__name__


def test_another_thread_can_end_the_waiting(exchange):
    began = monotonic()
    Timer(0.1, exchange.wake).start()
    assert exchange.results(wait=10) == []
    assert monotonic() - began < 5
