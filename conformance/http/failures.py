"""Why no reply came, in words that say what to do."""

from __future__ import annotations

import urllib3

from conformance.http.connections import ClosedWhileIdleError

# Alerts to a client without a certificate, or with one that is not trusted (RFC 8446, section 6.2).
UNSHOWN = ("ALERT_CERTIFICATE", "ALERT_BAD_CERTIFICATE", "ALERT_UNKNOWN_CA", "ALERT_HANDSHAKE_FAILURE")
BROKEN_OFF = "EOF occurred in violation of protocol"
SHOW_ONE = "Name one as `certificate` under [target], or under those identities that have one; else check the port."


def explain(error: BaseException) -> str:
    """Why a connection failed, as the rest of a sentence about a URL that says what to do."""
    text = str(error)
    if isinstance(error, urllib3.exceptions.NameResolutionError):
        return "has a host name that cannot be resolved. Check the URL."
    if refused_connection(error):
        return "refused the connection: nothing listens there. Start the server or check host and port."
    if isinstance(error, urllib3.exceptions.ConnectTimeoutError):
        return "did not accept a connection in time. Check the address and the firewall."
    if isinstance(error, urllib3.exceptions.SSLError) or "SSL" in text:
        return _explain_tls(text)
    if isinstance(error, urllib3.exceptions.ProtocolError | urllib3.exceptions.DecodeError):
        return _explain_protocol(error)
    return f"could not be asked ({type(error).__name__}: {text[:120]}). Check the URL."


def refused_connection(error: BaseException | None) -> bool:
    """Nothing listens at the address."""
    unresolved = isinstance(error, urllib3.exceptions.NameResolutionError)  # one of the same class
    return isinstance(error, urllib3.exceptions.NewConnectionError) and not unresolved


def closed_while_idle(error: BaseException | None) -> bool:
    """The target closed a connection that it had answered on before, so it may not have seen the request."""
    return isinstance(error, urllib3.exceptions.ProtocolError) and isinstance(error.args[-1], ClosedWhileIdleError)


def _explain_protocol(error: urllib3.exceptions.ProtocolError | urllib3.exceptions.DecodeError) -> str:
    if closed_while_idle(error):
        return "closed a connection that was kept open, without a byte of an answer; it may have done what was asked."
    return f"broke off or did not answer in HTTP ({str(error.args[-1]).strip()[:120]}). Is it an HTTP server?"


def _explain_tls(text: str) -> str:
    if any(alert in text for alert in UNSHOWN):
        return f"ended the TLS handshake for want of a client certificate that it trusts. {SHOW_ONE}"
    if BROKEN_OFF in text:
        return f"broke off TLS without a word, as servers may for want of a client certificate. {SHOW_ONE}"
    if "CERTIFICATE_VERIFY" not in text:
        return "does not speak TLS there. Check http and https, and the port."
    detail = text.partition("certificate verify failed: ")[2].partition(" (_ssl")[0] or "not trusted"
    return f"has a certificate that cannot be verified ({detail}). Mend it, or name its CA as `ca` under [target]."
