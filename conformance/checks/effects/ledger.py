"""The ledger: one request, one effect, on every channel that shows it."""

from conformance.ledger.statement import Effects, no_effect, one_effect
from conformance.marks import for_each_operation, requirement, variants
from conformance.selection.bodies import taking_json
from conformance.selection.operations import (
    both,
    keyed,
    mutating,
    secured_creation,
)


@requirement("LEDGER-RACE")
@for_each_operation(keyed)
def test_a_race_has_one_effect(ledger, at_once):
    """Eight equal requests with one key are let loose together, then repeated; every channel shows one effect."""
    at_once(8, ledger.send)
    ledger.repeat()

    assert ledger.statement() == one_effect


@requirement("LEDGER-HANG-UP")
@for_each_operation(keyed)
@variants("moment", {"at once": "at once", "at the answer": "at the answer"})
def test_whoever_hung_up_may_repeat(ledger, disconnect, repeat_of_valid_request, moment):
    """A caller sends a whole request, hangs up without reading the answer, and repeats it: one effect everywhere."""
    disconnect(moment)
    repeat_of_valid_request()

    assert ledger.statement() == one_effect


@requirement("LEDGER-UNFINISHED-REQUEST")
@for_each_operation(both(mutating, taking_json))
@variants("part", {"half": "half", "short": "short", "unended": "unended"})
def test_half_a_request_has_no_effect(ledger, send_partially, part):
    """A caller hangs up before the body has ended; nothing shows anywhere, and the whole request has its one effect."""
    send_partially(part)
    broken_off = ledger.statement()
    ledger.repeat()

    assert broken_off == no_effect
    assert ledger.statement() == one_effect


@requirement("LEDGER-LOST-ANSWER")
@for_each_operation(keyed)
@variants("loss", {"replaced": "replaced", "cut off": "cut off"})
def test_a_lost_answer_may_be_asked_for_again(ledger, lose_answer, loss):
    """A proxy takes the answer and gives 502 instead, or none; the caller repeats: one effect on every channel."""
    lose_answer(loss)
    ledger.repeat()

    assert ledger.statement() == one_effect


@requirement("LEDGER-OTHER-BODY")
@for_each_operation(both(keyed, taking_json))
def test_another_body_shows_nowhere(ledger, other_body_ledger):
    """A used key comes with another body; no channel shows an effect of it, each of them that of the first body."""
    ledger.send()
    other_body_ledger.send()

    assert other_body_ledger.statement() == no_effect
    assert ledger.statement() == one_effect


@requirement("LEDGER-OTHER-PRINCIPAL")
@for_each_operation(keyed)
def test_two_principals_with_one_key_have_two_effects(ledger, bobs_ledger):
    """Alice and Bob send different requests with the same key; each of them sees the own effect on every channel."""
    ledger.send()
    bobs_ledger.send()

    assert bobs_ledger.statement() == one_effect
    assert ledger.statement() == one_effect


@requirement("LEDGER-CORRECTED-REQUEST")
@for_each_operation(keyed)
@variants("way", {"credentials": "credentials", "scope": "scope", "body": "body"})
def test_only_the_corrected_request_shows(ledger, send_refused, way):
    """A keyed request is refused and shows nowhere; corrected, with the same key, it shows once on every channel."""
    send_refused(way)
    refused = ledger.statement()
    ledger.send()

    assert refused == no_effect
    assert ledger.statement() == one_effect


@requirement("LEDGER-EACH-COUNTS")
@for_each_operation(secured_creation)
def test_two_requests_have_two_effects(ledger, second_request):
    """The same is asked for twice by two requests; every channel shows as many effects as were acknowledged."""
    ledger.send()
    ledger.send(second_request)

    assert ledger.statement() == Effects(len(ledger.acknowledged))
