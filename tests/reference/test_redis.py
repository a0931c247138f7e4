"""Two processes that count requests together, in Redis."""

from __future__ import annotations

import capabilities
import requests

from .support import BOUND, Account, fresh


def test_a_quota_holds_across_processes(fork_server, tmp_path):
    shared = ["--database", f"sqlite:///{tmp_path}/links.db", "--rate-storage", capabilities.redis()]
    shared += ["--public-url", f"https://{fresh('links')}.example"]
    with fork_server.served(*shared) as one, fork_server.served(*shared) as other:
        form, auth = {"grant_type": "client_credentials"}, ("partner", "p4rtner")
        token = requests.post(f"{one.url}/oauth/token", data=form, auth=auth, timeout=BOUND).json()["access_token"]
        accounts = [Account(one.url, token), Account(other.url, token)]
        statuses = [accounts[number % 2].call("GET", "/v1/links").status_code for number in range(12)]

    assert statuses == [200] * 10 + [429] * 2
