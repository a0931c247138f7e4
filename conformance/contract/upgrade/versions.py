"""The versions in which a contract may be written, and the way from each to OpenAPI 3.1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.contract.document import ContractError
from conformance.contract.upgrade import openapi_30, openapi_32, swagger_20

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.contract.reading.grammar import Target
    from conformance.contract.upgrade.omissions import Omissions

KNOWN = ("3.0", "3.1", "3.2")


def version_of(document: Mapping[str, Any], shown: str) -> str:
    """The version of the document: 2.0, 3.0, 3.1 or 3.2. Raises ContractError if it is no such contract."""
    if "swagger" in document:
        return "2.0"
    if "openapi" not in document:
        told = "an AsyncAPI document" if "asyncapi" in document else "no OpenAPI document: it has no `openapi` member"
        raise ContractError(f"{shown} is {told}. Give the OpenAPI document as the contract.")
    version = str(document["openapi"])
    found = next((known for known in KNOWN if version == known or version.startswith(f"{known}.")), "")
    if not found:
        raise ContractError(
            f"{shown} is OpenAPI {version}; this suite reads 2.0 and 3.0 to 3.2. Give it as one of them."
        )
    return found


def upgraded(document: dict[str, Any], version: str, targets: Sequence[Target], omissions: Omissions) -> dict[str, Any]:
    """The document as OpenAPI 3.1 says it; what that has no words for is added to the omissions."""
    if version == "2.0":
        return openapi_30.upgraded(swagger_20.upgraded(document, targets, omissions), targets, omissions)
    if version == "3.0":
        return openapi_30.upgraded(document, targets, omissions)
    return openapi_32.upgraded(document, targets, omissions) if version == "3.2" else document
