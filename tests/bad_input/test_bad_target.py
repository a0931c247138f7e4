"""A target that cannot be judged: the right exit code and a sentence, in bounded time, and no clause passes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from bad_input import command, servers
from bad_input.servers import always, answer, guarded

HTML = answer(200, "<html><body>Welcome</body></html>", "text/html; charset=utf-8")
MAX_UNANSWERED = answer(404, "<html><body>Not found</body></html>", "text/html")
AWAY = answer(302, "", "text/plain", "Location: https://elsewhere.example/login")
LOGIN = answer(302, "", "text/plain", "Location: /login")
NOWHERE = answer(302, "", "text/plain", "Location: http://[half")
BUSY = answer(429, "{}", "application/json", "Retry-After: 0")
LATE = "did not finish answering within 1 s"


@dataclass(frozen=True, kw_only=True)
class Case:
    """How the target behaves (None: nothing listens), and what is to be said of it."""

    words: str
    behave: object = None
    code: int = 4
    tls: bool = False
    scheme: str = ""
    identities: str = command.IDENTITIES
    target: str = ""
    arguments: tuple[str, ...] = ()


CASES = {
    "a closed port": Case(words="refused the connection"),
    "a host without address": Case(words="cannot be resolved", target="url = 'http://nowhere.invalid'"),
    "a certificate that nobody trusts": Case(behave=always(HTML), tls=True, words="that cannot be verified"),
    "no TLS": Case(behave=always(HTML), scheme="https", words="does not speak TLS"),
    "TLS alone": Case(behave=always(HTML), tls=True, scheme="http", words="did not answer in HTTP"),
    "no HTTP": Case(behave=always(b"SSH-2.0-OpenSSH_9.6\r\n"), words="did not answer in HTTP"),
    "a body that is not what it says": Case(behave=always(servers.GARBLED), words="did not answer in HTTP (Error -3"),
    "half a body": Case(behave=always(answer(200, "[]")[:-1]), words="1 more expected"),
    "silence": Case(behave=always(b""), words="did not answer in HTTP"),
    "HTML": Case(behave=always(HTML), words="answers HTML"),
    "HTML that says 404": Case(behave=always(MAX_UNANSWERED), words="answers HTML"),
    "HTML for those who are known": Case(behave=guarded(HTML, answer(401)), words="answers HTML"),
    "a redirect to another host": Case(behave=always(AWAY), words="redirects to https://elsewhere.example/login"),
    "a redirect to a login": Case(behave=always(LOGIN), words="answers 302, which the contract does not declare"),
    "a redirect to nowhere": Case(behave=always(NOWHERE), words="redirects to http://[half"),
    "a server that hangs": Case(behave=servers.hang, words=LATE),
    "a body that drips": Case(behave=servers.drip_body, words=LATE),
    "headers that drip": Case(behave=servers.drip_headers, words=LATE),
    "a body without end": Case(behave=servers.flood, words="more than 16777216 bytes"),
    "500": Case(behave=always(answer(500)), words="answers 500 to everything"),
    "500, seen by nobody we know": Case(behave=always(answer(500)), identities="", words="answers 500 to everything"),
    "500 for those who are known": Case(behave=guarded(answer(500), answer(401)), words="answers 500 to a harmless"),
    "404": Case(behave=always(answer(404)), words="answers 404, which the contract does not declare"),
    "200": Case(behave=always(answer(200)), words="answers 2xx to everything"),
    "200 with a list": Case(behave=always(answer(200, "[]")), words="answers 2xx to everything"),
    "401": Case(behave=always(answer(401)), code=2, words="[identities.ann]: GET"),
    "a token without rights": Case(behave=guarded(answer(403), answer(401)), code=2, words="so it may not do this"),
    "429": Case(behave=always(BUSY), code=2, words="Give the identities a larger quota"),
    "two identities that are one": Case(
        behave=guarded(answer(200, "[]"), answer(401)),
        code=2,
        words="[identities.ben] and [identities.ann] have the same credential",
        identities=command.IDENTITIES.replace("env:BEN", "env:ANN"),
    ),
    "401, seen by nobody we know": Case(
        behave=always(answer(401)),
        identities="",
        words="NOT JUDGED",
        arguments=("--only", "credentials"),
    ),
}


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What is said of each case; they mostly wait, so they wait together."""
    tls, _ = servers.self_signed(tmp_path_factory.mktemp("tls"))

    def run(case):
        folder = tmp_path_factory.mktemp("case")
        with ExitStack() as stack:
            url = servers.closed_port()
            if case.behave:
                url = stack.enter_context(servers.serving(case.behave, tls if case.tls else None))
            if case.scheme:
                url = f"{case.scheme}:{url.partition(':')[2]}"
            return command.judge(
                folder, *case.arguments, target=case.target or f"url = '{url}'", identities=case.identities
            )

    with ThreadPoolExecutor(6) as pool:
        return {name: pool.submit(run, case) for name, case in CASES.items()}


@pytest.mark.parametrize("name", CASES)
def test_the_target_is_not_judged(told, name):
    case, result = CASES[name], told[name].result()

    assert (result.code, case.words in result.words) == (case.code, True), result.words
    assert result.words.count(case.words) == 1, "said once"
    assert "Traceback" not in result.words
    assert "token-of-ann" not in result.words
    assert "passed" not in result.verdicts.values()
