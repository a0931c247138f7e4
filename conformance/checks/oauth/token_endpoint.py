"""The token endpoint: requests, client authentication, errors, client credentials, resource indicators."""

from conformance.identity.compact_jwt import unverified_claims
from conformance.judgement.expectation import each
from conformance.judgement.expectations import challenge, holding_text, status, success
from conformance.judgement.oauth_expectations import no_token
from conformance.marks import given, requirement, variants
from conformance.oauth.redirect_targets import error_redirect

UNKNOWN_RESOURCES = {
    "elsewhere": "https://unknown.example/api",
    "relative": "/api",
    "with a fragment": "https://unknown.example/api#part",
}
UNSUPPORTED = {"password": "password", "undefined": "urn:example:grant-type:undefined"}


@requirement("OAUTH-TOKEN-RESPONSE-SHAPE")
def test_a_token_response_has_the_required_members(token_endpoint):
    """A client with the right credentials gets a bearer token, and how long it is valid."""
    reply = token_endpoint.grant()

    assert (reply.status, reply.media_type) == (200, "application/json")
    assert reply == holding_text("access_token")
    assert str(reply.member("token_type")).lower() == "bearer"
    assert type(reply.member("expires_in")) in {int, float}
    assert reply.member("expires_in") > 0


@requirement("OAUTH-TOKEN-NO-STORE")
def test_a_token_is_not_cached(token_endpoint):
    """The answer with a token may not be stored."""
    reply = token_endpoint.grant()

    assert "no-store" in reply.header("Cache-Control").lower()


@requirement("OAUTH-TOKEN-REQUEST-FORM")
def test_a_get_request_gets_no_token(token_endpoint):
    """The valid request, with its parameters in the query string of a GET, gets no token."""
    reply = token_endpoint.by_get()

    assert reply == no_token()


@requirement("OAUTH-TOKEN-REQUEST-FORM")
def test_parameters_in_the_query_get_no_token(token_endpoint):
    """The valid request, with its parameters in the query string of a POST, gets no token."""
    reply = token_endpoint.by_query()

    assert reply == no_token()


@requirement("OAUTH-TOKEN-REQUEST-FORM")
def test_credentials_in_the_query_get_no_token(token_endpoint):
    """The right credentials in the query string get no token."""
    reply = token_endpoint.by_credentials_in_query()

    assert reply == no_token()


@requirement("OAUTH-TOKEN-REPEATED-PARAMETER")
@variants("repeated", {"grant type": ("grant_type", "password"), "scope": ("scope", "another")})
def test_a_repeated_parameter_is_refused(token_endpoint, repeated):
    """The valid request, with one parameter once more, is refused as invalid."""
    reply = token_endpoint.with_repeated_parameter(*repeated)

    assert reply == no_token("invalid_request")


@requirement("OAUTH-TOKEN-EMPTY-PARAMETER")
def test_an_empty_parameter_counts_as_missing(token_endpoint):
    """A request with an empty scope is answered as one without a scope."""
    without = token_endpoint.request_token()
    empty = token_endpoint.request_token(scope="")

    assert (empty.status, empty.member("scope")) == (without.status, without.member("scope"))


@requirement("OAUTH-TOKEN-UNKNOWN-PARAMETER")
def test_an_unknown_parameter_is_ignored(token_endpoint):
    """The valid request, with a parameter that nobody defined, gets its token."""
    reply = token_endpoint.grant(x_undefined="1")

    assert reply == status(200)


@requirement("OAUTH-CLIENT-AUTH-FAILURE")
def test_a_wrong_secret_is_refused(token_endpoint):
    """The client with another secret in the Authorization field gets invalid_client."""
    reply = token_endpoint.by_wrong_secret()

    assert reply == no_token("invalid_client")


@requirement("OAUTH-CLIENT-AUTH-FAILURE")
def test_a_wrong_secret_in_the_form_is_refused(token_endpoint):
    """The client with another secret in the form gets invalid_client."""
    reply = token_endpoint.by_wrong_secret_in_form()

    assert reply == no_token("invalid_client")


@requirement("OAUTH-CLIENT-AUTH-FAILURE")
def test_a_client_id_alone_is_refused(token_endpoint):
    """The client that names itself and brings no secret gets invalid_client."""
    reply = token_endpoint.without_secret()

    assert reply == no_token("invalid_client")


@requirement("OAUTH-CLIENT-AUTH-FAILURE")
def test_an_unknown_client_is_refused(token_endpoint):
    """A client that nobody registered gets invalid_client."""
    reply = token_endpoint.by_unknown_client()

    assert reply == no_token("invalid_client")


@requirement("OAUTH-CLIENT-AUTH-CHALLENGE")
def test_failed_basic_authentication_is_challenged(token_endpoint):
    """The client with another secret in the Authorization field gets 401 and a challenge for Basic."""
    reply = token_endpoint.by_wrong_secret()

    assert reply == status(401) & challenge("Basic")


@requirement("OAUTH-CLIENT-NOT-ENUMERABLE")
def test_clients_cannot_be_enumerated(token_endpoint):
    """A wrong secret and a client that nobody registered get the same status, body and header fields."""
    wrong = token_endpoint.by_wrong_secret()
    unknown = token_endpoint.by_unknown_client()

    assert (unknown.status, unknown.json) == (wrong.status, wrong.json)
    assert sorted(name.lower() for name, _ in unknown.headers) == sorted(name.lower() for name, _ in wrong.headers)


@requirement("OAUTH-UNSUPPORTED-GRANTS")
@variants("grant", UNSUPPORTED)
def test_an_unsupported_grant_type_is_refused(token_endpoint, grant):
    """A client with the right credentials asks for a token by the grant, and is refused."""
    reply = token_endpoint.grant(grant_type=grant, username="somebody", password="a-password")

    assert reply == no_token("unsupported_grant_type", "unauthorized_client")


@requirement("OAUTH-CC-NO-REFRESH")
def test_client_credentials_get_only_an_access_token(token_endpoint):
    """The answer has neither a refresh token nor an ID token."""
    reply = token_endpoint.grant()

    assert {"refresh_token", "id_token"} & reply.json.keys() == set()


@requirement("OAUTH-RESOURCE-INDICATOR")
def test_a_token_is_for_the_resource_that_was_asked_for(request_for_resource, api_resource):
    """A token that is asked for with the API's own identifier is for this audience alone."""
    reply = request_for_resource(resource=api_resource)

    assert reply == success
    assert unverified_claims(str(reply.member("access_token"))).get("aud") in (api_resource, [api_resource])


@requirement("OAUTH-RESOURCE-INDICATOR")
@variants("unknown", UNKNOWN_RESOURCES)
def test_an_unknown_resource_is_refused(request_for_resource, api_resource, unknown):
    """A client that just got a token for the API asks for one for something else; it gets invalid_target."""
    control = request_for_resource(resource=api_resource)
    reply = request_for_resource(resource=unknown)

    assert control == success
    assert reply == no_token("invalid_target")


@requirement("OAUTH-RESOURCE-INDICATOR")
@given("request_for_resource")
def test_a_refresh_for_an_unknown_resource_is_refused(flow, tokens, api_resource):
    """A grant that was just refreshed for the API is refreshed for something else; that gets invalid_target."""
    control = flow.refresh(tokens.refresh_token, resource=api_resource)
    newest = str(control.member("refresh_token") or tokens.refresh_token)
    reply = flow.refresh(newest, resource=UNKNOWN_RESOURCES["elsewhere"])

    assert control == success
    assert reply == no_token("invalid_target")


@requirement("OAUTH-RESOURCE-INDICATOR")
@given("authorization_response")
def test_an_unknown_resource_gets_no_code(flow_for_resource, api_resource):
    """An application that is given a code for the API asks for one for something else; it gets invalid_target."""
    control = flow_for_resource.authorize(flow_for_resource.parameters(resource=api_resource))
    response = flow_for_resource.authorize(flow_for_resource.parameters(resource=UNKNOWN_RESOURCES["elsewhere"]))

    assert "code" in control.parameters
    assert response == error_redirect("invalid_target")


@requirement("OAUTH-SCOPE-ORDER")
def test_scopes_may_come_in_any_order(replies_by_scope_order):
    """A client that gets a token for each of two scopes asks for both in either order; it gets one each time."""
    assert replies_by_scope_order == each(success)
