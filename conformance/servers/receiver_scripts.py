"""The delivery lab: what a receiver may do with a delivery, and what a sender has to make of it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from email.utils import formatdate
from typing import TYPE_CHECKING

from conformance.servers.webhook_receiver import Answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.contract.vocabulary import Delivery as Policy

CHUNK = b"." * 2**16
ASKED = 1  # seconds for which a busy receiver asks
EARLY = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
EMPTY = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"
HUGE = f"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {2**40}\r\n\r\n".encode()


@dataclass(frozen=True, kw_only=True)
class Stage:
    """What scripts are played with."""

    timeout: float  # seconds that the contract gives a receiver
    elsewhere: str  # a URL that must not be called
    skew: float = 0.0  # seconds by which the sender's clock is ahead


@dataclass(frozen=True, kw_only=True)
class Script:
    """What a receiver does with the first delivery; each later one is accepted with 204.

    `statuses` are what the sender may take for the answer, None for no answer at all. `ends` is how it has to end:
    delivered, retried (then delivered), or disabled.
    """

    name: str
    words: str
    ends: str
    statuses: tuple[int | None, ...]
    first: Callable[[Stage], Answer]
    timed: bool = False  # lasts as long as the declared timeout, or nearly so
    interim: bool = False  # begins with an answer that does not count
    endless: bool = False  # never comes to an end
    asks: bool = False  # for a pause

    def end(self, policy: Policy) -> str:
        """How it has to end under the declared policy."""
        return "retried" if self.ends == "disabled" and not policy.gone else self.ends

    def state(self, policy: Policy) -> str:
        """What has become of the delivery when all is over."""
        return "failed" if self.end(policy) == "disabled" else "delivered"

    def agrees(self, logged: list[object]) -> bool:
        """Whether these are the statuses of all attempts at the delivery."""
        return bool(logged) and logged[0] in self.statuses and set(logged[1:]) <= {204}


def _status(status: int, *headers: tuple[str, str]) -> Callable[[Stage], Answer]:
    return lambda _: Answer(status=status, headers=headers)


def _raw(*parts: bytes, reset: bool = False) -> Callable[[Stage], Answer]:
    return lambda _: Answer(raw=b"".join(parts), reset=reset)


def _late(share: float, status: int) -> Callable[[Stage], Answer]:
    """An answer after this share of the timeout."""
    return lambda stage: Answer(status=status, after=share * stage.timeout)


def _dripping(stage: Stage) -> Answer:
    return Answer(raw=b"HTTP/1.1 200 OK\r\nX-Slow: ", more=b".", pause=stage.timeout / 10)


def _dated(stage: Stage) -> Answer:
    """Clocks are read in whole seconds, and not at once: three more than are asked for leave at least those."""
    date = formatdate(time.time() + stage.skew + ASKED + 3, usegmt=True)
    return Answer(status=503, headers=(("Retry-After", date),))


def _elsewhere(stage: Stage) -> Answer:
    return Answer(status=307, headers=(("Location", stage.elsewhere),))


SCRIPTS = (
    Script(name="prompt", words="answers 200 at once", ends="delivered", statuses=(200,), first=_status(200)),
    Script(name="empty", words="answers 204, without a body", ends="delivered", statuses=(204,), first=_status(204)),
    Script(
        name="slow",
        words="answers 200 when a third of the timeout has passed",
        ends="delivered",
        statuses=(200,),
        first=_late(1 / 3, 200),
        timed=True,
    ),
    Script(
        name="continue",
        words="sends 100, then 204",
        ends="delivered",
        statuses=(204,),
        first=_raw(CONTINUE, EMPTY),
        interim=True,
    ),
    Script(
        name="early-hints",
        words="sends 103 with a header field, then 204",
        ends="delivered",
        statuses=(204,),
        first=_raw(EARLY, EMPTY),
        interim=True,
    ),
    Script(
        name="endless",
        words="answers 200, declares a body of a tebibyte, and sends it",
        ends="delivered or retried",
        statuses=(200, None),
        first=lambda _: Answer(raw=HUGE, more=CHUNK, pause=0.002),
        timed=True,
        endless=True,
    ),
    Script(
        name="silent",
        words="answers only when twice the timeout has passed",
        ends="retried",
        statuses=(None,),
        first=_late(2, 200),
        timed=True,
    ),
    Script(
        name="dripping",
        words="answers 200 and goes on with a header field, byte after byte",
        ends="retried",
        statuses=(None,),
        first=_dripping,
        timed=True,
        endless=True,
    ),
    Script(
        name="half",
        words="closes the connection in the middle of the status line",
        ends="retried",
        statuses=(None,),
        first=_raw(b"HTTP/1.1 20"),
    ),
    Script(name="mute", words="closes the connection without a word", ends="retried", statuses=(None,), first=_raw()),
    Script(name="reset", words="breaks the connection off", ends="retried", statuses=(None,), first=_raw(reset=True)),
    Script(
        name="redirect",
        words="answers 307 and names another address, which is not to be called",
        ends="retried",
        statuses=(307,),
        first=_elsewhere,
    ),
    Script(name="refusal", words="answers 400", ends="retried", statuses=(400,), first=_status(400)),
    Script(name="failure", words="answers 500", ends="retried", statuses=(500,), first=_status(500)),
    Script(
        name="busy",
        words="answers 429 and asks for a pause in seconds",
        ends="retried",
        statuses=(429,),
        first=_status(429, ("Retry-After", str(ASKED))),
        asks=True,
    ),
    Script(
        name="unavailable",
        words="answers 503 and asks for a pause by a date",
        ends="retried",
        statuses=(503,),
        first=_dated,
        asks=True,
    ),
    Script(name="gone", words="answers 410", ends="disabled", statuses=(410,), first=_status(410)),
)


def every(script: Script) -> bool:
    return bool(script.name)


def answering_in_time(script: Script) -> bool:
    return script.ends == "delivered" and not script.interim


def interim(script: Script) -> bool:
    return script.interim


def unanswered(script: Script) -> bool:
    return script.statuses == (None,)


def endless(script: Script) -> bool:
    return script.endless


def busy(script: Script) -> bool:
    return script.asks
