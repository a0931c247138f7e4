"""What the probes of `conformance doctor` are made of: harmless GET requests, and judgements of their replies."""

from __future__ import annotations

import ipaddress
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from conformance.http.client import Client
from conformance.http.messages import Request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.contract.operation import Operation
    from conformance.doctor.findings import Finding
    from conformance.harness import Harness
    from conformance.http.messages import Reply
    from conformance.identity.accounts import Account

    Probe = Callable[["ProbedTarget"], Iterator[Finding]]

MOST_PROBED = 5  # operations that are tried until one answers as it should
REFUSALS = {401, 403}


@dataclass(frozen=True, kw_only=True)
class ProbedTarget:
    """The target of an examination; each request without credentials is sent to it once."""

    harness: Harness
    _replies: dict[str, tuple[Reply, float]] = field(default_factory=dict)

    def without_credentials(self, operation: Operation) -> Reply:
        """The reply to a GET request without credentials."""
        request = self.harness.arranger.request_with(operation, {})
        return self._reply(request)[0]

    @property
    def first_reply(self) -> tuple[Reply, float]:
        """The first reply of the target, and when it arrived (seconds since the epoch)."""
        operation = next(iter(plain_reads(self.harness)), None)
        request = self.harness.arranger.request_with(operation, {}) if operation else plain_get("/")
        return self._reply(request)

    def _reply(self, request: Request) -> tuple[Reply, float]:
        if request.path not in self._replies:
            self._replies[request.path] = self.harness.client.exchange(request), time.time()
        return self._replies[request.path]


def plain_reads(harness: Harness) -> list[Operation]:
    """The GET operations without path parameters, those without required parameters first."""
    never = harness.configuration.target.never_call
    known = harness.contract.operations
    found = [each for each in known if each.method == "GET" and not each.addressed and each.id not in never]
    return sorted(found, key=lambda operation: any(parameter.required for parameter in operation.parameters))


def guarded_reads(harness: Harness) -> list[Operation]:
    """The GET operations that need credentials, those that need no role first."""
    public = harness.configuration.target.public
    found = [each for each in plain_reads(harness) if each.secured and each.id not in public]
    return sorted(found, key=lambda operation: bool(operation.roles))


def permitted_reads(harness: Harness, account: Account) -> list[Operation]:
    """The GET operations that the account must be permitted."""
    found = [each for each in guarded_reads(harness) if account.may_use(each)]
    return [each for each in found if harness.principals.is_used_for(account, each)]


def unexpected_answer(reply: Reply, operation: Operation) -> str:
    """Why the reply to a harmless request cannot come from a sound API of this contract; "" if it can."""
    asked, declared = request_line(reply), operation.answer(reply.status)
    if reply.status >= 500:
        return f"{asked} answers {reply.status} to a harmless request. Mend the target first."
    if is_html(reply) and (declared is None or "text/html" not in declared.content):
        return f"{asked} answers HTML, which the contract does not declare. Is this the URL of the API?"
    if declared is None and (reply.status in {404, 405, 410} or 300 <= reply.status < 400):
        return f"{asked} answers {reply.status}, which the contract does not declare. Is this the URL of the API?"
    return ""


def is_html(reply: Reply) -> bool:
    """The reply is a page, and not JSON with a label that is not true."""
    return reply.media_type == "text/html" and reply.json is None


def request_line(reply: Reply) -> str:
    """Method and URL of the request."""
    return f"{reply.request.method} {reply.url}"


def short_request_line(reply: Reply) -> str:
    """Method and path of the request."""
    return f"{reply.request.method} {urlsplit(reply.url).path}"


def get(client: Client, path: str) -> Reply:
    """The reply to a GET request without credentials."""
    return client.exchange(plain_get(path))


def plain_get(path: str) -> Request:
    """A GET request without credentials."""
    return Request(method="GET", path=path, headers=(("Accept", "*/*"),))


def client_at(harness: Harness, url: str) -> Client:
    """A client for another URL, with the deadline and certificate verification of the harness's own."""
    return Client(url, deadline=harness.client.deadline, transport=harness.client.transport)


def loopback(url: str) -> bool:
    """Whether the host of the URL is loopback."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
