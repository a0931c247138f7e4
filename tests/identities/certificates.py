"""A certificate authority for a server and its clients, made for one test."""

from __future__ import annotations

import datetime as dt
import ipaddress
import ssl

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

LOCAL = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
DAY = dt.timedelta(days=1)


def named(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


class Authority:
    """Issues certificates into a folder: NAME.pem and NAME-key.pem."""

    def __init__(self, folder):
        self.folder, self.key = folder, ec.generate_private_key(ec.SECP256R1())
        self.issue("authority", self.key, authority=True)

    def issue(self, name, key=None, *, authority=False, passphrase=""):
        key = key or ec.generate_private_key(ec.SECP256R1())
        now = dt.datetime.now(dt.UTC)
        builder = x509.CertificateBuilder().subject_name(named(name)).issuer_name(named("authority"))
        builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
        builder = builder.not_valid_before(now - DAY).not_valid_after(now + DAY).add_extension(LOCAL, critical=False)
        basic = x509.BasicConstraints(ca=authority, path_length=None)
        certificate = builder.add_extension(basic, critical=True).sign(self.key, hashes.SHA256())
        plain = serialization.NoEncryption()
        kept = serialization.BestAvailableEncryption(passphrase.encode()) if passphrase else plain
        private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, kept)
        (self.folder / f"{name}.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        (self.folder / f"{name}-key.pem").write_bytes(private)

    def server_context(self, *, demanding):
        """TLS for a server that asks for the certificates of this authority, and may end the handshake without one."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=self.folder / "authority.pem")
        context.load_cert_chain(self.folder / "server.pem", self.folder / "server-key.pem")
        context.verify_mode = ssl.CERT_REQUIRED if demanding else ssl.CERT_OPTIONAL
        return context
