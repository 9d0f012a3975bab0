"""Posting over kept connections, to servers that behave and servers that do not."""

from concurrent.futures import ThreadPoolExecutor
from time import monotonic, sleep

import pytest

from patients.channels import outgoing
from patients.channels.outgoing import CONNECTIONS, NoAnswer, NotPublic, tls_context
from tests.integration.channels.sink import Sink


def post(sink: Sink, path: str = "/", **headers: str):
    return CONNECTIONS.post(sink.url + path, headers, b"body")


def test_a_message_arrives_as_it_is_and_the_answer_comes_back(sink):
    sink.status, sink.headers = 201, {"Location": "/x"}
    answer = post(sink, "/send/1?a=b", TTL="60")
    assert (answer.status, answer.headers["location"]) == (201, "/x")
    assert (sink.only.path, sink.only.body, sink.only.headers["ttl"]) == (
        "/send/1?a=b",
        b"body",
        "60",
    )


def test_many_messages_share_one_connection(sink):
    sink.headers = {"Content-Length": "0"}
    for _ in range(20):
        post(sink)
    assert (len(sink.requests), sink.connections) == (20, 1)


def test_threads_have_a_connection_each_and_share_them_afterwards(sink):
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: post(sink), range(40)))
    assert len(sink.requests) == 40
    assert sink.connections <= 4


def test_it_speaks_tls_and_keeps_that_too(tls_sink):
    for _ in range(3):
        assert post(tls_sink).status == 201
    assert (len(tls_sink.requests), tls_sink.connections) == (3, 1)


def test_a_certificate_that_nobody_vouches_for_is_refused(tls_sink, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    tls_context.cache_clear()
    with pytest.raises(NoAnswer, match="SSLCertVerificationError"):
        post(tls_sink)
    assert tls_sink.requests == []


def test_a_kept_connection_that_was_closed_meanwhile_is_replaced(sink):
    sink.closes_silently = True
    assert [post(sink).status for _ in range(3)] == [201, 201, 201]
    assert sink.connections == 3


def test_a_connection_that_was_idle_for_long_is_not_used_again(sink, monkeypatch):
    post(sink)
    monkeypatch.setattr(outgoing, "KEPT_SECONDS", -1)
    post(sink)
    assert sink.connections == 2


def test_a_server_that_says_nothing_is_waited_for_and_no_longer(sink, settings):
    settings.OUTGOING_TIMEOUT_SECONDS = 1
    sink.hangs = True
    began = monotonic()
    with pytest.raises(NoAnswer, match="TimeoutError"):
        post(sink)
    assert monotonic() - began < 3


def test_nobody_there_is_no_answer(sink):
    with pytest.raises(NoAnswer):
        CONNECTIONS.post("http://127.0.0.1:1/", {}, b"")


@pytest.mark.parametrize(
    "raw",
    [
        *(b"SMTP says hello\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", b"HTTP/1.1 200 OK\r\n", b"\r\n\r\n"),
        *(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", b"x" * 200_000),
    ],
)
def test_what_is_not_http_is_no_answer(sink, raw):
    sink.raw = raw
    with pytest.raises(NoAnswer):
        post(sink)


@pytest.mark.parametrize(
    "raw",
    [
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 202 OK\r\nContent-Length: 2\r\n\r\nok",
        b"HTTP/1.1 202 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        b"HTTP/1.0 202 OK\r\n\r\nto the end",
    ],
)
def test_other_forms_of_answers_are_understood(sink, raw):
    sink.raw = raw
    assert post(sink).status == 202
    assert post(sink).status == 202


def test_a_redirect_is_an_answer_and_not_followed(sink):
    sink.status, sink.headers = 307, {"Location": "http://127.0.0.1:1/"}
    assert post(sink).status == 307


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "10.0.0.1"])
def test_this_machine_and_its_network_are_never_called(sink, settings, host):
    settings.OUTGOING_PRIVATE_HOSTS = frozenset()
    port = sink.url.rpartition(":")[2]
    with pytest.raises(ValueError, match="public"):
        CONNECTIONS.post(f"https://{host}:{port}/", {}, b"")
    assert sink.requests == []


def test_a_public_name_that_leads_to_this_machine_is_not_called(tls_sink, settings, monkeypatch):
    """The address is judged when it is looked up: a name may change its mind."""
    settings.OUTGOING_PRIVATE_HOSTS = frozenset()
    port = int(tls_sink.url.rpartition(":")[2])
    found = [(2, 1, 6, "", ("93.184.215.14", port)), (2, 1, 6, "", ("127.0.0.1", port))]
    monkeypatch.setattr(outgoing.socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(NotPublic):
        CONNECTIONS.post(f"https://push.example.org:{port}/", {}, b"")
    assert tls_sink.connections == 0


def test_a_header_cannot_begin_a_line_of_its_own(sink):
    with pytest.raises(ValueError, match="line break"):
        post(sink, Topic="a\r\nX: b")


def test_connections_are_there_before_they_are_needed(tls_sink):
    place, _ = outgoing.destination(tls_sink.url, trusted=False)
    for _ in range(2):
        CONNECTIONS.reach(place, 4)
        until = monotonic() + 10
        while tls_sink.connections < 4 and monotonic() < until:
            sleep(0.01)
    sleep(0.1)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: post(tls_sink), range(8)))
    assert (len(tls_sink.requests), tls_sink.connections) == (8, 4)


def test_nobody_waits_for_connections_that_cannot_be_made(sink, settings):
    refused, _ = outgoing.destination("http://127.0.0.1:1/", trusted=False)
    settings.OUTGOING_PRIVATE_HOSTS = frozenset()
    private, _ = outgoing.destination("https://push.example.org/", trusted=False)
    private = private._replace(host="127.0.0.1", port=int(sink.url.rpartition(":")[2]))
    for place in (refused, private):
        CONNECTIONS.reach(place, 2)
    sleep(0.2)
    assert [CONNECTIONS.take(place) for place in (refused, private)] == [None, None]
    assert sink.connections == 0


def test_a_child_process_begins_without_the_connections_of_its_parent(sink):
    post(sink)
    CONNECTIONS.forget()
    post(sink)
    assert sink.connections == 2
