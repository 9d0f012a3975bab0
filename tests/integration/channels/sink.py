"""A real server on loopback that takes what the channels post and answers as it is told."""

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from threading import Event, Thread
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

ANSWER_AFTER_SECONDS = 30


@dataclass(frozen=True)
class Request:
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Sink:
    """status and headers: of the next answers. hangs: take the request and say nothing."""

    url: str = ""
    status: int = 201
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes = b""
    hangs: bool = False
    closes_silently: bool = False
    connections: int = 0
    requests: list[Request] = field(default_factory=list)
    over: Event = field(default_factory=Event)

    @property
    def only(self) -> Request:
        [request] = self.requests
        return request


@contextmanager
def open_sink(*, certificate: Path | None = None) -> Iterator[Sink]:
    """Run the server; with a certificate file (key inside) it speaks TLS."""
    sink = Sink()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(sink))
    server.daemon_threads = True
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    sink.url = f"{'https' if certificate else 'http'}://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield sink
    finally:
        sink.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


def certificate_for_loopback(folder: Path) -> Path:
    """Write a certificate and its key for 127.0.0.1 that signs itself."""
    key = generate_private_key(SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "sink")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    path = folder / "sink.pem"
    path.write_bytes(
        signed.public_bytes(Encoding.PEM)
        + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    return path


def _handler(sink: Sink) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def setup(self) -> None:
            super().setup()
            sink.connections += 1

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            sink.requests.append(Request(self.path, headers, body))
            if sink.hangs:
                sink.over.wait(ANSWER_AFTER_SECONDS)
                self.close_connection = True
                return
            if sink.raw:
                self.wfile.write(sink.raw)
                self.close_connection = True
                return
            self.send_response(sink.status)
            for name, value in {"Content-Length": "0", **sink.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            if sink.closes_silently:
                self.close_connection = True

        def log_message(self, *_: Any) -> None:
            pass

    return Handler
