"""Many posts under way at once in one thread, to servers that behave and servers that do not."""

import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Thread, Timer
from time import monotonic, sleep

import pytest

from patients.channels import outgoing
from patients.channels.exchange import Exchange, Post, Ready, ready
from patients.channels.outgoing import NoAnswer, NotPublic, tls_context
from tests.integration.channels.sink import open_sink

# More than a socket takes at once.
LONG = b"x" * 20_000_000


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
    for body in (LONG, b"short"):
        exchange.begin("plain", post(sink.url, body))
        exchange.begin("sealed", post(tls_sink.url, body))
        assert answers(exchange, 2) == {"plain": 201, "sealed": 201}
    for each in (sink, tls_sink):
        assert [len(request.body) for request in each.requests] == [len(LONG), 5]
        assert each.connections == 1


def test_what_is_not_read_at_once_is_read_on(exchange, sink, tls_sink):
    sink.headers = tls_sink.headers = {"X-Long": "x" * 9_000}
    for place in range(2):
        exchange.begin(("plain", place), post(sink.url))
        exchange.begin(("sealed", place), post(tls_sink.url))
        assert set(answers(exchange, 2).values()) == {201}
    assert (sink.connections, tls_sink.connections) == (1, 1)


@pytest.mark.parametrize(("closes", "connections"), [(False, 1), (True, 2)])
def test_connections_are_given_back_to_the_process(sink, closes, connections):
    sink.closes_silently = closes
    for _ in range(2):
        exchange: Exchange = Exchange()
        exchange.begin("one", post(sink.url))
        assert answers(exchange, 1) == {"one": 201}
        exchange.close()
    assert sink.connections == connections


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


def test_a_name_that_is_looked_up_for_too_long_is_given_up(sink, settings, monkeypatch):
    settings.OUTGOING_TIMEOUT_SECONDS = 0.1
    exchange: Exchange = Exchange()
    monkeypatch.setattr(outgoing.socket, "getaddrinfo", lambda *_, **__: sleep(0.3) or [])
    exchange.begin("slow", post(sink.url))
    assert str(answers(exchange, 1)["slow"]) == "TimeoutError"
    assert exchange.results(wait=0.4) == []
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


CREATED = b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"


@contextmanager
def answering(*lines: Sequence[Sequence[bytes]]) -> Iterator[str]:
    """A server that says on each connection what it is told, for each request piece by piece.

    It never closes one, but for the last.
    """
    opened = []

    def serve() -> None:
        for requests in lines:
            connection, _ = door.accept()
            opened.append(connection)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for pieces in requests:
                connection.recv(65_536)
                for piece in pieces:
                    connection.sendall(piece)
                    sleep(0.02)
        connection.close()

    door = socket.create_server(("127.0.0.1", 0))
    thread = Thread(target=serve)
    thread.start()
    with door:
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
        thread.join()
        for each in opened:
            each.close()


def test_an_answer_that_comes_in_pieces_is_waited_for(exchange):
    hinted = [
        b"HTTP/1.1 103 Early\r\n\r\nHTT",
        b"P/1.1 410 Gone\r\ncontent-length: 2\r\n\r\n",
        b"no",
    ]
    lines = [[bytes([each]) for each in CREATED[-12:]], hinted, [CREATED]]
    lines[0][0] = CREATED[:-11]
    with answering(lines) as url:
        for place, status in enumerate((201, 410, 201)):
            exchange.begin(place, post(url))
            assert answers(exchange, 1) == {place: status}


def test_an_answer_that_nobody_asked_for_is_never_taken_for_that_of_the_next(exchange):
    """Two answers in one read, one more of them later, and an answer that ends the connection."""
    gone = CREATED.replace(b"201", b"410")
    closes = CREATED.replace(b"Content-", b"connection: Close\r\nContent-")
    with answering([[CREATED + gone]], [[CREATED, gone]], [[closes]], [[CREATED]]) as url:
        for place in range(4):
            exchange.begin(place, post(url))
            assert answers(exchange, 1) == {place: 201}
            exchange.results(wait=0.1)


def test_what_the_other_side_breaks_off_is_no_answer(exchange):
    with answering([[b"HTTP/1.0 201 Created\r\n\r\nto the end"]], [[CREATED[:-2]]]) as url:
        exchange.begin("old", post(url))
        assert answers(exchange, 1) == {"old": 201}
        exchange.begin("half", post(url))
        assert str(answers(exchange, 1)["half"]) == "ConnectionResetError"
