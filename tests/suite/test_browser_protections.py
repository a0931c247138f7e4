"""HSTS of a reference behind TLS, and how header fields that protect browsers are read."""

from __future__ import annotations

import datetime as dt
import ipaddress
import ssl
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from werkzeug.serving import make_server

from conformance.contract.vocabulary import CrossOrigin
from conformance.http.messages import Reply, Request
from conformance.oauth.browser_sessions import cookies
from conformance.observations.browser_protections import CrossOriginRequests, can_be_framed, enforces_tls
from reference_impl.app import create_app
from reference_impl.gateway.headers import SecurityHeaders
from reference_impl.parts import Parts
from reference_impl.settings import Settings

SPEC = Path(__file__).parents[2] / "spec"
CLAUSES = frozenset({"SEC-HSTS", "SEC-NOSNIFF"})


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A self-signed certificate for loopback, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "loopback")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(minutes=5))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "loopback.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + made.public_bytes(Encoding.PEM))
    return path


@contextmanager
def served(certificate, folder, *substitutes):
    """The reference behind TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True, ssl_context=context)
    url = f"https://127.0.0.1:{server.server_port}"
    settings = Settings(public_url=url, database=f"sqlite:///{folder}/links.db", quick_passwords=True)
    server.app = create_app(settings, Parts(*substitutes))
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield url
    server.shutdown()
    server.server_close()


@pytest.fixture
def judged_over_tls(judge, certificate, tmp_path):
    """The verdicts about the reference, sound or with a substitute."""

    def judged(*substitutes):
        config = tmp_path / "conformance.toml"
        contract = SPEC / "openapi.yaml"
        config.write_text(f'[target]\ncontract = "{contract}"\nca = "{certificate}"\n')
        with served(certificate, tmp_path, *substitutes) as url:
            report = judge(config, chosen=CLAUSES, url=url)
        return {clause.id: str(clause.verdict) for clause in report.clauses if clause.id in CLAUSES}

    return judged


class OneDayOfHsts(SecurityHeaders):
    def tls_only(self):
        return 86400


class WithoutHsts(SecurityHeaders):
    def __init__(self, public_url):
        super().__init__(public_url.replace("https:", "http:"))


def test_over_tls_the_reference_enforces_hsts(judged_over_tls):
    assert judged_over_tls() == {"SEC-HSTS": "passed", "SEC-NOSNIFF": "passed"}


@pytest.mark.parametrize("substitute", [OneDayOfHsts, WithoutHsts])
def test_over_tls_missing_hsts_is_warned_of(judged_over_tls, substitute):
    assert judged_over_tls(substitute)["SEC-HSTS"] == "warned"


def answer(*headers, status=200, origin=""):
    sent = (("Origin", origin),) if origin else ()
    request = Request(method="GET", path="/", headers=sent)
    return Reply(request=request, status=status, headers=headers, body=b"", url="", seconds=0.0)


@pytest.mark.parametrize(
    ("value", "enough"),
    [
        ("max-age=31536000", True),
        ('includeSubDomains; Max-Age="63072000"; preload', True),
        ("max-age=86400", False),
        ("max-age=", False),
        ("", False),
    ],
)
def test_hsts_of_a_year_is_recognised(value, enough):
    assert enforces_tls(answer(("Strict-Transport-Security", value))) is enough


CSP, XFO = "Content-Security-Policy", "X-Frame-Options"


@pytest.mark.parametrize(
    ("headers", "may"),
    [
        ([(CSP, "default-src 'none'; frame-ancestors 'none'")], False),
        ([(CSP, "frame-ancestors 'self'; script-src *")], False),
        ([(CSP, "default-src *"), (CSP, "FRAME-ANCESTORS 'NONE'")], False),
        ([(XFO, "SameOrigin")], False),
        ([(CSP, "default-src 'self'"), (XFO, "DENY")], False),
        ([(CSP, "frame-ancestors https://partner.example"), (XFO, "DENY")], True),
        ([(CSP, "frame-ancestors *")], True),
        ([(CSP, "default-src 'none'")], True),
        ([(XFO, "ALLOW-FROM https://partner.example")], True),
        ([], True),
    ],
)
def test_pages_that_can_be_framed_are_recognised(headers, may):
    assert can_be_framed(answer(*headers)) is may


ALLOW, CREDENTIALS = "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials"
ATTACKER = "https://attacker.example"


@pytest.mark.parametrize(
    ("declared", "headers", "permitted"),
    [
        (None, [(ALLOW, "*")], False),
        (None, [(ALLOW, ATTACKER)], False),
        (None, [(ALLOW, "*"), (CREDENTIALS, "true")], False),
        (None, [(ALLOW, ATTACKER), (CREDENTIALS, "true")], True),
        (("https://shop.example",), [(ALLOW, "https://shop.example")], False),
        (("https://shop.example",), [(ALLOW, ATTACKER)], True),
        (("https://shop.example",), [(ALLOW, "*")], True),
        ((), [(ALLOW, "*")], True),
        ((), [], False),
    ],
)
def test_allowed_origins_are_recognised(declared, headers, permitted):
    origins = None if declared is None else CrossOrigin(origins=declared)
    cross_origin_requests = CrossOriginRequests(declared=origins, own_origin="https://api.example")

    assert cross_origin_requests.allows_reading(answer(*headers, origin=ATTACKER)) is permitted


def test_similar_origins_are_tried():
    cross_origin_requests = CrossOriginRequests(
        declared=CrossOrigin(origins=("https://shop.example",)), own_origin="https://api.example"
    )

    assert cross_origin_requests.unlisted_origins == [
        ATTACKER,
        "null",
        "https://shop.example.attacker.example",
        "https://attacker-shop.example",
    ]
    assert (
        CrossOriginRequests(declared=CrossOrigin(origins=("*",)), own_origin="https://api.example").unlisted_origins
        == []
    )


@pytest.mark.parametrize(
    ("field", "name", "value", "attributes"),
    [
        ("sid=1; HttpOnly", "sid", "1", {"httponly": ""}),
        ('sid="a=b" ;SAMESITE = Lax; path=/', "sid", '"a=b"', {"samesite": "Lax", "path": "/"}),
        ("sid=", "sid", "", {}),
        ("", "", "", {}),
    ],
)
def test_cookies_are_read_as_browsers_read_them(field, name, value, attributes):
    (cookie,) = cookies(answer(("Set-Cookie", field)))

    assert (cookie.name, cookie.value, dict(cookie.attributes)) == (name, value, attributes)
