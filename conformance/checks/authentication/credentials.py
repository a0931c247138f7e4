"""Credentials: required by every protected operation, challenged, and checked first."""

from conformance.identity.forged_tokens import Forger
from conformance.identity.invalid_credentials import SECRET
from conformance.judgement.expectations import (
    accepted,
    challenge,
    challenge_without,
    challenged,
    found,
    refused,
    status,
)
from conformance.marks import for_each_operation, for_one_operation, given, requirement, variants
from conformance.selection.authentication import basic_authenticated, secured_without_object
from conformance.selection.bodies import taking_json
from conformance.selection.operations import (
    bearer_authenticated,
    both,
    changing,
    creation,
    declaring,
    keyed,
    paged,
    private,
    private_read,
    public,
    reading,
    secured,
)

bearing_401 = both(bearer_authenticated, declaring(401))
secured_401 = both(secured, declaring(401))


@requirement("AUTH-REQUIRED-EVERY-OPERATION")
@for_each_operation(secured)
def test_a_request_without_credentials_is_refused(answer_without_credentials):
    """A request that was just accepted is sent again without credentials; it is refused."""
    assert answer_without_credentials == refused


@requirement("AUTH-REQUIRED-EVERY-OPERATION")
@for_each_operation(both(secured, reading))
def test_a_head_request_without_credentials_is_refused(nobody, ready):
    """HEAD instead of GET, without credentials, is refused."""
    reply = nobody.send(ready.request.with_method("HEAD"))

    assert reply == refused


@requirement("AUTH-401-STATUS")
@for_each_operation(secured_401)
def test_missing_credentials_are_answered_with_the_declared_401(answer_without_credentials, due_without_credentials):
    """A request without credentials is answered with the 401 that the contract declares."""
    assert answer_without_credentials == due_without_credentials


@requirement("AUTH-UNKNOWN-NOT-404")
@for_each_operation(secured_without_object)
def test_unknown_credentials_are_not_what_is_not_found(unknown, ready):
    """A request that was just accepted is sent with credentials that were never issued; the answer is no 404 or 410."""
    assert unknown.send(ready.request) == found


@requirement("AUTH-PUBLIC-OPERATIONS-OPEN")
@for_each_operation(public)
def test_a_public_operation_needs_no_credentials(open_answer, operation):
    """A valid request without credentials is accepted."""
    assert open_answer == accepted(operation)


@requirement("AUTH-401-CHALLENGE")
@for_each_operation(secured_401)
def test_the_401_carries_a_challenge(operation, unauthorized_answer):
    """The 401 to a request without credentials carries a well-formed challenge of a scheme that the operation takes."""
    assert unauthorized_answer == challenged(operation)


@requirement("AUTH-401-INVALID-TOKEN")
@for_each_operation(bearing_401)
@given("access_token")
def test_a_malformed_token_is_answered_with_invalid_token(present_token):
    """Something that is no token is answered with 401 and the error invalid_token in the challenge."""
    reply = present_token("not-a-token")

    assert reply == status(401) & challenge("Bearer", error="invalid_token")


@requirement("AUTH-401-INVALID-TOKEN")
@for_one_operation(bearing_401)
@given("access_token")
def test_a_tampered_token_is_answered_with_invalid_token(present_token, tampered_token):
    """A valid token with one character changed is answered with 401 and the error invalid_token in the challenge."""
    reply = present_token(tampered_token)

    assert reply == status(401) & challenge("Bearer", error="invalid_token")


@requirement("AUTH-401-INVALID-TOKEN")
@for_one_operation(bearing_401)
@variants(
    "forgery",
    {
        "expired": Forger.expired,
        "early": Forger.not_yet_valid,
        "foreign": Forger.signed_by_untrusted_key,
        "unsecured": lambda token_forger: token_forger.unsecured("none"),
        "audience": lambda token_forger: token_forger.with_claims(aud="https://other.example"),
        "issuer": lambda token_forger: token_forger.with_claims(iss="https://issuer.example"),
    },
)
def test_a_forged_token_is_answered_with_invalid_token(token_forger, present_token, forgery):
    """A token that cannot be accepted is answered with 401 and the error invalid_token, whatever is wrong with it."""
    reply = present_token(forgery(token_forger))

    assert reply == status(401) & challenge("Bearer", error="invalid_token")


@requirement("AUTH-401-NO-CREDENTIALS-NO-CODE")
@for_each_operation(bearing_401)
def test_the_challenge_to_missing_credentials_holds_no_error(answer_without_credentials):
    """The challenge to a request without credentials holds no error."""
    assert answer_without_credentials == challenge_without("error")


@requirement("AUTH-SCHEME-CASE-INSENSITIVE")
@for_one_operation(bearer_authenticated)
@variants("scheme", {"lower": "bearer", "upper": "BEARER"})
def test_the_scheme_is_case_insensitive(nobody, ready, scheme):
    """The scheme's name in lower and in upper case is accepted as Bearer is."""
    reply = nobody.send(ready.authenticated.with_header("Authorization", f"{scheme} {ready.token}"))

    assert reply == accepted(ready.operation)


@requirement("AUTH-OTHER-SCHEME-REJECTED")
@for_one_operation(bearer_authenticated)
@variants("scheme", {"basic": "Basic", "digest": "Digest", "mutual": "Mutual"})
def test_a_token_under_another_scheme_is_refused(nobody, ready, scheme):
    """A valid token under the name of another registered scheme is refused."""
    reply = nobody.send(ready.authenticated.with_header("Authorization", f"{scheme} {ready.token}"))

    assert reply == refused


@requirement("AUTH-BASIC-PASSWORD-COMPARED")
@for_one_operation(basic_authenticated)
@variants("altered", {"other": lambda _: SECRET, "shortened": lambda password: password[:-1], "empty": lambda _: ""})
def test_a_name_with_a_wrong_password_is_refused(caller_by_password, ready, altered):
    """The name of the user whose request was just accepted, with another password, is refused."""
    reply = caller_by_password(altered).send(ready.request)

    assert reply == refused


@requirement("AUTH-TOKEN-IN-QUERY-REJECTED")
@for_each_operation(bearer_authenticated)
def test_a_token_in_the_query_is_refused(nobody, ready):
    """A valid token in the query, where RFC 6750 once put it, is refused."""
    reply = nobody.send(ready.authenticated.without_header("Authorization").with_query(access_token=ready.token))

    assert reply == refused


@requirement("AUTH-TOKEN-IN-QUERY-REJECTED")
@for_one_operation(bearer_authenticated)
@variants("name", {name: name for name in ("token", "auth", "api_key", "jwt", "bearer")})
def test_a_token_in_any_query_parameter_is_refused(nobody, ready, name):
    """A valid token in the query, under a name that is common for it, is refused."""
    reply = nobody.send(ready.authenticated.without_header("Authorization").with_query(**{name: ready.token}))

    assert reply == refused


@requirement("AUTH-TWO-CREDENTIALS")
@for_one_operation(both(private_read, bearer_authenticated))
@given("access_token")
@variants("order", {"owner-first": "ready bob", "owner-last": "bob ready", "same": "ready ready"})
def test_two_authorization_fields_are_refused(nobody, ready, two_fields):
    """Two Authorization fields, of the owner and of a stranger in either order or twice the same, are refused."""
    first, second = two_fields
    request = ready.authenticated.with_header("Authorization", first).with_added_header("Authorization", second)
    reply = nobody.send(request)

    assert reply == refused


@requirement("AUTH-TWO-CREDENTIALS")
@for_one_operation(both(private_read, bearer_authenticated))
@given("access_token")
def test_tokens_in_header_and_query_are_refused(bob, ready):
    """A stranger's token in the header and the owner's in the query are refused."""
    reply = bob.send(ready.request.with_query(access_token=ready.token))

    assert reply == refused


@requirement("AUTH-BEFORE-VALIDATION")
@for_each_operation(both(secured_401, private))
def test_unknown_objects_are_answered_with_401_without_credentials(nobody, ready, arranger, due_without_credentials):
    """Without credentials, a request about an object that nobody made is answered with 401."""
    reply = nobody.send(arranger.with_unknown_object(ready.request))

    assert reply == due_without_credentials


@requirement("AUTH-BEFORE-VALIDATION")
@for_each_operation(both(secured_401, paged))
@given("normative")
def test_a_wrong_parameter_is_answered_with_401_without_credentials(nobody, pagination):
    """Without credentials, a page is asked for with a limit that is refused; the answer is 401."""
    reply = pagination.as_read_by(nobody).page_of_size(pagination.limit_bound("minimum") - 1)

    assert reply == status(401)


@requirement("AUTH-BEFORE-VALIDATION")
@for_each_operation(both(secured_401, taking_json))
@given("normative")
@variants(
    "invalidate",
    {
        "broken": lambda request: request.with_body(b'{"'),
        "empty-object": lambda request: request.with_body(b"{}"),
        "media-type": lambda request: request.with_body(b"text", "text/plain"),
        "tag": lambda request: request.with_header("If-Match", '"stale"'),
    },
)
def test_invalid_requests_are_answered_with_401_without_credentials(nobody, ready, invalidate, refusal_at_the_door):
    """Without credentials, a request that is wrong in other ways too is answered with 401."""
    reply = nobody.send(invalidate(ready.request))

    assert reply == refusal_at_the_door


@requirement("AUTH-401-NO-EFFECT")
@for_each_operation(both(private, both(changing, bearer_authenticated)))
def test_an_unauthenticated_change_has_no_effect(present_token, ready, tampered_token):
    """A change asked for with a tampered token is refused, and the owner sees the object as it was."""
    before = ready.state()
    reply = present_token(tampered_token)
    after = ready.state()

    assert reply == refused
    assert after == before


@requirement("AUTH-401-NO-EFFECT")
@for_each_operation(both(creation, bearer_authenticated))
def test_an_unauthenticated_creation_has_no_effect(present_token, marked, tampered_token):
    """What was asked for with a tampered token is not there; asked for with a valid one, it is."""
    reply = present_token(tampered_token)
    done = marked.has_effect()
    marked.carry_out()

    assert reply == refused
    assert not done


@requirement("AUTH-401-NO-EFFECT")
@for_each_operation(both(keyed, bearer_authenticated))
def test_an_unauthenticated_request_leaves_its_idempotency_key_unused(ready, tampered_token, key):
    """A refused request leaves its idempotency key free: with a valid token it is then carried out."""
    request = ready.request.with_header(ready.operation.idempotency.header, key)
    reply = ready.owner.with_token(tampered_token).send(request)
    again = ready.owner.send(request)

    assert reply == refused
    assert again == accepted(ready.operation)


@requirement("AUTH-CREDENTIALS-NOT-ECHOED")
@for_each_operation(bearer_authenticated)
def test_credentials_are_not_echoed(present_token, nobody, ready, tampered_token, echoed_credentials):
    """Neither an accepted nor a refused request gets its credentials back in the answer."""
    present_token(tampered_token)
    nobody.send(ready.request.with_header("Authorization", f"Basic {ready.token}"))

    assert echoed_credentials() == []


@requirement("AUTH-RESOURCE-METADATA")
@for_one_operation(bearing_401)
def test_the_resource_metadata_name_their_resource(resource_metadata, resource_identifier):
    """The advertised document is read without credentials, and names the resource that its own URL was derived from."""
    assert resource_metadata.get("resource", "").rstrip("/") == resource_identifier.rstrip("/")


@requirement("AUTH-RESOURCE-METADATA")
@for_one_operation(bearing_401)
def test_the_resource_metadata_name_the_issuer(target_issuer, resource_metadata):
    """The advertised document lists the issuer whose name is in the tokens that the target issues."""
    assert target_issuer in resource_metadata.get("authorization_servers", [target_issuer])
