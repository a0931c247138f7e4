"""Metadata of the authorization server (RFC 8414, OpenID Connect Discovery)."""

from conformance.judgement.expectations import status
from conformance.marks import for_each_operation, requirement
from conformance.selection.operations import server_metadata


@requirement("OAUTH-METADATA")
@for_each_operation(server_metadata)
def test_the_metadata_is_complete(metadata):
    """The document is served as JSON, and no required member is missing."""
    reply = metadata.reply

    assert (reply.status, reply.media_type) == (200, "application/json")
    assert metadata.missing_members == set()


@requirement("OAUTH-METADATA-ISSUER")
@for_each_operation(server_metadata)
def test_the_metadata_names_the_issuer_of_tokens(metadata, token_endpoint):
    """The issuer in the document is the one in a token."""
    issuer = token_endpoint.issuer()

    assert metadata.document.get("issuer") == issuer


@requirement("OAUTH-METADATA-ISSUER")
@for_each_operation(server_metadata)
def test_the_host_field_does_not_name_the_issuer(metadata):
    """A request with another Host is refused, or gets the issuer that others get."""
    elsewhere = metadata.served_to_host("elsewhere.example")

    assert elsewhere.refused or elsewhere.member("issuer") == metadata.document.get("issuer")


@requirement("OAUTH-METADATA-ENDPOINTS")
@for_each_operation(server_metadata)
def test_the_endpoints_answer(metadata):
    """Each endpoint of the document answers, and the token endpoint gives a token."""
    reply = metadata.grant()

    assert reply == status(200)
    assert metadata.unreachable_endpoints() == []


@requirement("OAUTH-METADATA-GRANTS")
@for_each_operation(server_metadata)
def test_the_listed_grant_types_are_supported(metadata):
    """Client credentials are listed, and no listed grant is unsupported."""
    unsupported = metadata.unsupported_grant_types()

    assert "client_credentials" in metadata.grant_types
    assert unsupported == []


@requirement("OAUTH-METADATA-AUTH-METHODS")
@for_each_operation(server_metadata)
def test_the_listed_authentication_methods_are_those_that_work(metadata):
    """A secret is sent in the Authorization field and in the form; what is listed is what gets a token."""
    accepted = metadata.accepted_authentication_methods()

    assert metadata.authentication_methods == accepted


@requirement("OAUTH-METADATA-AGREE")
def test_both_metadata_documents_agree(metadata_documents):
    """Members that stand in both documents are equal."""
    first, second = (served.document for served in metadata_documents)

    assert {name for name in first.keys() & second.keys() if first[name] != second[name]} == set()


@requirement("OAUTH-METADATA-NO-EMPTY-LISTS")
@for_each_operation(server_metadata)
def test_no_member_is_an_empty_list(metadata):
    """No member of the document is a list without entries."""
    empty = metadata.empty_lists

    assert empty == []
