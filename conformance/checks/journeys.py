"""The journeys of a contract: Arazzo workflows, each of which names the clause that it is about."""

from conformance.marks import for_each_journey


@for_each_journey()
def test_the_journey_meets_its_criteria(walk, journey):
    """The steps of a workflow are executed one after another; each meets its success criteria."""
    walked = walk(journey)

    assert walked.observed == walked.expected
