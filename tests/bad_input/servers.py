"""Little servers that answer as no sound target does: each behaviour is a function of the accepted connection."""

from __future__ import annotations

import datetime as dt
import ipaddress
import socket
import socketserver
import ssl
from contextlib import contextmanager
from threading import Event, Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PAUSE = 0.3  # seconds between two bytes of a server that drips
GARBLED = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\ngzip"
PLENTY = 100  # bytes that it would drip: far more than any bound lets it


class Server(socketserver.ThreadingTCPServer):
    """Has `behave(connection, request head)` deal with each connection; `closing` is set when it is to end."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, behave, tls=None):
        super().__init__(("127.0.0.1", 0), socketserver.BaseRequestHandler)
        self.behave, self.tls, self.closing = behave, tls, Event()
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.server_address[1]}"

    def finish_request(self, request, _client_address):
        connection = self.tls.wrap_socket(request, server_side=True) if self.tls else request
        with connection:
            head = head_of(connection)
            if head:
                self.behave(self, connection, head)

    def handle_error(self, _request, _client_address):
        """That the suite hangs up is its right."""


@contextmanager
def serving(behave, tls=None):
    """The URL of such a server while it runs."""
    with Server(behave, tls) as server:
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server.url
        finally:
            server.closing.set()
            server.shutdown()
            thread.join()


def head_of(connection):
    """A request as far as its empty line; empty if the client goes away before. A TLS handshake has none."""
    head = b""
    while b"\r\n\r\n" not in head and not head.startswith(b"\x16"):
        part = connection.recv(65536)
        if not part:
            return b""
        head += part
    return head


def answer(status, body="{}", media_type="application/json", *fields):
    """The bytes of a whole response."""
    content = body.encode()
    lines = [f"HTTP/1.1 {status} Thing", f"Content-Type: {media_type}", f"Content-Length: {len(content)}", *fields]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode() + content


def always(content):
    """Answers everything with the same bytes."""

    def behave(_server, connection, _head):
        connection.sendall(content)

    return behave


def guarded(accepted, refused):
    """Answers one thing to whoever brings credentials and another to everybody else."""

    def behave(_server, connection, head):
        connection.sendall(accepted if b"\r\nauthorization:" in head.lower() else refused)

    return behave


def hang(server, _connection, _head):
    server.closing.wait()


def drip_body(server, connection, _head):
    connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {PLENTY}\r\n\r\n".encode())
    drip(server, connection)


def drip_headers(server, connection, _head):
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    drip(server, connection)


def drip(server, connection):
    for _ in range(PLENTY):
        connection.sendall(b"x")
        if server.closing.wait(PAUSE):
            return


def flood(_server, connection, _head):
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        connection.sendall(b" " * 65536)


def closed_port():
    """A URL where nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


def self_signed(folder):
    """A TLS context for 127.0.0.1 that nobody vouches for, and the path of its certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    plain = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(plain)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path, folder / "key.pem")
    return context, path
