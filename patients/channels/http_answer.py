"""Reading what a server answers over HTTP/1.1: the status, the headers, and where it ends."""

from collections.abc import Mapping
from typing import NamedTuple

LONGEST_ANSWER = 64 * 1024
NO_BODY = frozenset({204, 304})
_END = b"\r\n\r\n"


class Answer(NamedTuple):
    """head: as it was received, without the empty line at its end."""

    status: int
    head: bytes

    @property
    def headers(self) -> Mapping[str, str]:
        """Return the headers by lower-case name; read when asked for, which is seldom."""
        lines = self.head.decode("latin-1").split("\r\n")[1:]
        pairs = (line.partition(":") for line in lines)
        return {name.strip().lower(): value.strip() for name, _, value in pairs}


def parsed(read: bytes) -> tuple[Answer, bool] | None:
    """Return the answer and whether the connection can be used again; None: more is to come.

    ValueError when this is not HTTP.
    """
    if (taken := plainly_taken(read)) is not None:
        return taken, True
    return read_in_full(read)


def plainly_taken(read: bytes) -> Answer | None:
    """Return the one answer that nearly every message gets; None for any other, sound or not.

    It is whole, says 2xx, has no body and leaves the connection open. To see that, no header has to
    be taken apart: where there is a doubt, `read_in_full` decides.
    """
    if not read.startswith(b"HTTP/1.1 2") or read.find(_END) != len(read) - len(_END):
        return None
    status, said = read[9:12], read.lower()
    if not status.isdigit() or read[12:13] != b" ":
        return None
    if b"connection" in said or b"transfer-encoding" in said:
        return None
    if status != b"204" and not _says_once_that_nothing_follows(said):
        return None
    return Answer(int(status), read[: -len(_END)])


def read_in_full(read: bytes) -> tuple[Answer, bool] | None:
    """Return what `parsed` does, of any answer."""
    begin, end = 0, read.find(_END)
    while end >= 0 and read.startswith(b"HTTP/1.1 1", begin):
        # "Continue" and early hints: the answer is still to come.
        begin = end + len(_END)
        end = read.find(_END, begin)
    if end < 0:
        if len(read) > LONGEST_ANSWER:
            raise ValueError("endless headers")
        return None
    return _answer(read[begin:end], len(read) - end - len(_END))


def _answer(head: bytes, received: int) -> tuple[Answer, bool] | None:
    """received: how many bytes have come after the head."""
    answer = Answer(_status(head), head)
    headers = answer.headers
    size = 0 if answer.status in NO_BODY else _size(headers)
    if size is None or size > LONGEST_ANSWER or not head.startswith(b"HTTP/1.1"):
        return answer, False
    if received < size:
        return None
    return answer, received == size and headers.get("connection", "").lower() != "close"


def _says_once_that_nothing_follows(said: bytes) -> bool:
    return said.count(b"content-length") == 1 and b"\r\ncontent-length: 0\r\n" in said


def _status(head: bytes) -> int:
    first = head.decode("latin-1").split("\r\n", 1)[0]
    version, status, *_ = f"{first} ".split(" ")
    if not version.startswith("HTTP/1.") or not (status.isdigit() and len(status) == 3):
        raise ValueError("not HTTP")
    return int(status)


def _size(headers: Mapping[str, str]) -> int | None:
    """Return the length of the body, or None where only its end would tell."""
    length = headers.get("content-length", "")
    if "transfer-encoding" in headers or not length.isdigit():
        return None
    return int(length)
