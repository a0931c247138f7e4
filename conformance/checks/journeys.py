"""What is special to a contract, as its journeys tell it; each journey names the clause that it is about."""

from conformance.marks import for_each_journey


@for_each_journey()
def test_the_journey_goes_as_it_is_told(walk, journey):
    """The steps of a workflow are taken one after another; each shows what the document says of it."""
    walked = walk(journey)

    assert walked.observed == walked.expected
