"""What a contract can say of logins, upserts, archives and scopes that imply others, and what it would be without."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from bad_input import command
from loopback import serving_app
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Response

from identities.service import RefusalError, Service, answer

CONTRACT = Path(__file__).with_name("openapi.yaml")
WRITE, READ = {"files.read", "files.write"}, {"files.read"}
TOKENS = {
    "ANN": ("token-of-ann-1f7c20", "ann", WRITE),
    "ANN_READS": ("token-of-ann-2e8d31", "ann", READ),
    "ANN_NOTHING": ("token-of-ann-3f9e42", "ann", set()),
    "BEN": ("token-of-ben-93d0b1", "ben", WRITE),
}
IDENTITIES = """
[identities.ann]
kind = "token"
token = "env:ANN"
[[identities.ann.tokens]]
token = "env:ANN_READS"
scopes = ["files.read"]
[[identities.ann.tokens]]
token = "env:ANN_NOTHING"
scopes = []
[identities.ben]
kind = "token"
token = "env:BEN"
"""


class Archive(Service):
    """Files under names that their owners choose; who puts one away can still read it."""

    challenge = 'Bearer realm="archive"'
    routes = Map(
        [
            Rule("/logins", methods=["POST"], endpoint="log_in"),
            Rule("/files/<name>", methods=["GET"], endpoint="read"),
            Rule("/files/<name>", methods=["PUT"], endpoint="keep"),
            Rule("/files/<name>", methods=["DELETE"], endpoint="put_away"),
        ],
        merge_slashes=False,
    )

    def __init__(self):
        self.files = {}

    def caller(self, request, scope):
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        found = [(name, scopes) for token, name, scopes in TOKENS.values() if token == text.strip()]
        if scheme.lower() != "bearer" or not found:
            raise RefusalError(401, "a token is needed")
        if scope not in found[0][1]:
            raise RefusalError(403, "the scope is missing")
        return found[0][0]

    def log_in(self, request):
        body = self.body(request)
        if body.get("password") != "never told":
            raise RefusalError(401, "nobody of that name has this password")
        return answer(200, {"token": "none"})

    def read(self, request, name):
        owner = self.caller(request, "files.read")
        if (owner, name) not in self.files:
            raise RefusalError(404, "there is no such file")
        return answer(200, self.files[owner, name])

    def keep(self, request, name):
        owner = self.caller(request, "files.write")
        text = self.body(request).get("text")
        if not isinstance(text, str) or not 1 <= len(text) <= 80 or not name.islower():
            raise RefusalError(422, "it cannot be kept")
        self.files[owner, name] = {"text": text, "away": False}
        return answer(200, self.files[owner, name])

    def put_away(self, request, name):
        owner = self.caller(request, "files.write")
        if (owner, name) not in self.files:
            raise RefusalError(404, "there is no such file")
        self.files[owner, name]["away"] = True
        return Response(status=204)

    def body(self, request):
        if request.mimetype != "application/json":
            raise RefusalError(415, "send JSON")
        try:
            value = json.loads(request.get_data().decode("utf-8"))
            json.dumps(value, ensure_ascii=False).encode("utf-8")
        except (OSError, ValueError, RecursionError):
            raise RefusalError(422, "send JSON") from None
        return value if isinstance(value, dict) else {}


class TakesAnyScope(Archive):
    """Looks at no scope."""

    def caller(self, request, scope):
        try:
            return super().caller(request, scope)
        except RefusalError as refusal:
            if refusal.status == 403:
                return "ann"
            raise


def judged(folder, archive, *only, without=""):
    document = yaml.safe_load(CONTRACT.read_text(encoding="utf-8"))
    (folder / "openapi.json").write_text(json.dumps(stripped(document, without)), encoding="utf-8")
    with serving_app(archive) as url:
        text = f"[target]\nurl = '{url}'\ncontract = 'openapi.json'\ndeadline = 30\n{IDENTITIES}"
        (folder / "conformance.toml").write_text(text, encoding="utf-8")
        words = [word for clause in only for word in ("--only", clause)]
        environment = {name: token for name, (token, _, _) in TOKENS.items()}
        return command.conformance("run", *words, folder=folder, environment=environment)


def stripped(node, word):
    """The document without one of its words."""
    if isinstance(node, dict):
        return {name: stripped(value, word) for name, value in node.items() if name != word}
    return [stripped(each, word) for each in node] if isinstance(node, list) else node


def test_what_is_said_is_held_against_nobody(tmp_path):
    told = judged(tmp_path, Archive())

    wrong = {name for name, verdict in told.verdicts.items() if verdict in {"failed", "blocked", "error"}}
    assert wrong == set(), told.words
    assert told.verdicts["AUTH-PUBLIC-OPERATIONS-OPEN"] == told.verdicts["REST-DELETE-GONE"] == "inapplicable"
    tried = {"GRID-REFUSED", "GRID-ADMITTED", "SCOPE-MISSING-403", "OBJ-READ-FOREIGN", "OBJ-UPDATE-FOREIGN"}
    assert {told.verdicts[clause] for clause in tried} == {"passed"}, told.words


@pytest.mark.parametrize(
    ("word", "clause", "verdict"),
    [
        ("x-archives", "REST-DELETE-GONE", "failed"),
        ("x-upsert", "OBJ-READ-FOREIGN", "untestable"),
        ("x-login", "AUTH-PUBLIC-OPERATIONS-OPEN", "untestable"),
    ],
)
def test_without_the_word_it_would_be(tmp_path, word, clause, verdict):
    told = judged(tmp_path, Archive(), clause, without=word)

    assert told.verdicts[clause] == verdict, told.words


def test_a_scope_that_is_implied_is_lacked_with_what_implies_it(tmp_path):
    told = judged(tmp_path, TakesAnyScope(), "SCOPE-MISSING-403")

    assert told.verdicts == {"SCOPE-MISSING-403": "failed"}, told.words
