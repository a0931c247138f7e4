"""What the product leaves to its operator: whose scopes are which, and what is told of a person."""

from __future__ import annotations

import json
import os
from typing import Any

from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.scopes import SettingsScopes

OWN = {client["id"]: client["scope"].split() for client in json.loads(os.environ.get("PROVIDER_CLIENTS", "[]"))}


class ScopesOfClients(SettingsScopes):
    """To each client its own scopes; the product itself gives all to everyone."""

    def get_available_scopes(self, application: Any = None, *args: Any, **named: Any) -> list[str]:
        everything: list[str] = super().get_available_scopes(application, *args, **named)
        return everything if application is None else OWN.get(application.client_id, [])

    def get_default_scopes(self, application: Any = None, *args: Any, **named: Any) -> list[str]:
        return self.get_available_scopes(application, *args, **named)


class Claims(OAuth2Validator):
    """The claims of a person beside `sub`; the product tells each only under its scope."""

    def get_additional_claims(self) -> dict[str, Any]:
        return {
            "name": lambda request: request.user.first_name,
            "preferred_username": lambda request: request.user.username,
            "email": lambda request: request.user.email,
            "email_verified": lambda _: True,
        }
