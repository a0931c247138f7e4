"""The authorization servers of other makers, each started as its conformance.toml says."""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import capabilities
import pytest
import requests

from conformance.sut.process import Command, Placeholders, free_port, running

from .relying_party import Provider

HERE = Path(__file__).parent
BUTTONS = {  # what the consent form's buttons send: the one that allows, the one that denies
    "node": ({"decision": "allow"}, {"decision": "deny"}),
    "django": ({"allow": "Authorize"}, {}),
}


@pytest.fixture(scope="session", params=sorted(BUTTONS))
def provider(request, tmp_path_factory):
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    scratch = tmp_path_factory.mktemp("provider")
    placeholders = Placeholders({"python": sys.executable, "port": str(port), "url": url, "scratch": str(scratch)})
    target = tomllib.loads((HERE / request.param / "conformance.toml").read_text(encoding="utf-8"))["target"]
    command = Command(
        arguments=tuple(placeholders(word) for word in target["command"]),
        environment=environment(request.param)
        | {name: placeholders(value) for name, value in target["environment"].items()},
        folder=HERE / request.param,
    )
    with running(command, url=url, ready=target["ready"], timeout=60):
        clients = json.loads(command.environment["PROVIDER_CLIENTS"])
        users = json.loads(command.environment["PROVIDER_USERS"])
        allow, deny = BUTTONS[request.param]
        yield Provider(
            name=request.param,
            url=url,
            metadata=metadata(url + target["ready"]),
            clients={client["id"]: client for client in clients},
            passwords={user["username"]: user["password"] for user in users},
            allow=allow,
            deny=deny,
        )


def environment(name):
    """The variables of this provider's process beside those of its configuration."""
    if name != "node":
        return {}
    capabilities.npm_package("oidc-provider")
    return capabilities.with_node()


def metadata(discovery):
    """The metadata of the provider: the document of OpenID Connect Discovery and, if there is one, that of RFC 8414."""
    metadata = requests.get(discovery, timeout=10).json()
    issuer = urlsplit(metadata["issuer"])
    plain = f"{issuer.scheme}://{issuer.netloc}/.well-known/oauth-authorization-server{issuer.path}"
    more = requests.get(plain, timeout=10)
    return {**(more.json() if more.ok else {}), **metadata}
