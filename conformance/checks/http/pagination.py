"""A list in pages is the whole list, each thing once."""

from conformance.effects.pagination import FORGED, seen
from conformance.judgement.expectations import refusal, refused, success
from conformance.marks import for_each_operation, requirement, variants
from conformance.selection.operations import paged
from conformance.selection.promises import with_next_link


@requirement("PAGE-COMPLETE-NO-DUPLICATES")
@for_each_operation(paged)
@variants("size", {"one": 1, "three": 3, "seven": 7, "eight": 8})
def test_the_pages_are_the_whole_list(paging, size):
    """Seven things are made and the list is read in pages of one size; each is met once, and the end comes."""
    markers = paging.fill(7)

    pages = paging.all(size)

    assert seen(pages, markers) == [1] * 7
    assert paging.following(pages[-1]) == ""


@requirement("PAGE-CURSOR-OPAQUE-VALIDATED")
@for_each_operation(paged)
@variants("forged", FORGED)
def test_a_forged_cursor_is_refused(paging, forged):
    """A cursor leads to a page; something made of it, or made up, is refused."""
    paging.fill(3)
    cursor = paging.first_cursor()

    control, reply = paging.page(cursor), paging.page(forged(cursor))

    assert control == success
    assert reply == refusal(paging.operation, 400)


@requirement("PAGE-CURSOR-BOUND")
@for_each_operation(paged)
def test_a_cursor_shows_nobody_else_what_it_leads_to(paging, bob):
    """Alice's cursor leads her to her things; Bob, who uses it, sees none of them."""
    paging.fill(3)
    cursor = paging.first_cursor()

    hers, his = paging.page(cursor), paging.page(cursor, bob)

    assert paging.items(hers) != []
    assert paging.shared(hers, his) == []


@requirement("PAGE-LIMIT-BOUNDS")
@for_each_operation(paged)
def test_a_page_holds_no_more_than_was_asked_for(paging):
    """Three things are made and a page of two is asked for; it holds two."""
    paging.fill(3)

    reply = paging.sized(2)

    assert reply == success
    assert len(paging.items(reply)) == 2


@requirement("PAGE-LIMIT-BOUNDS")
@for_each_operation(paged)
@variants("outside", {"below": ("minimum", -1), "above": ("maximum", 1), "huge": ("maximum", 10**12)})
def test_a_limit_outside_the_bounds_is_refused(paging, outside):
    """A page is asked for with a limit that the contract's schema forbids; it is refused."""
    bound, distance = outside

    reply = paging.sized(paging.bound(bound) + distance)

    assert reply == refusal(paging.operation, 400)


@requirement("PAGE-LIMIT-BOUNDS")
@for_each_operation(paged)
@variants("text", {"word": "abc", "power": "1e1", "blank": " ", "fraction": "1.5"})
def test_a_limit_that_is_no_number_is_refused(paging, text):
    """A page is asked for with a limit that is no integer; it is refused."""
    reply = paging.sized(text)

    assert reply == refused


@requirement("PAGE-STABLE-UNDER-CHANGE")
@for_each_operation(paged)
def test_what_is_made_in_between_repeats_nothing(paging):
    """A page is read, three things are made, and the other pages are read; what was there before is met once."""
    markers = paging.fill(5)
    first = paging.sized(2)
    paging.fill(3)

    assert seen([first, *paging.rest(first, 2)], markers) == [1] * 5


@requirement("PAGE-STABLE-UNDER-CHANGE")
@for_each_operation(paged)
def test_what_is_deleted_in_between_skips_nothing(paging):
    """A page is read, a thing on it is deleted, and the other pages are read; each of the others is met once."""
    things = paging.made(5)
    first = paging.sized(2)
    others = paging.without_one_of(first, things)

    assert seen([first, *paging.rest(first, 2)], others) == [1] * 4


@requirement("PAGE-NEXT-LINK-WORKS")
@for_each_operation(with_next_link)
def test_the_link_leads_where_the_cursor_does(paging):
    """Three things are listed one by one, by rel=next and by cursor; the link is of the target and shows the same."""
    paging.fill(3)
    pages = paging.all(1)
    linked = paging.follow(paging.linked(pages[0]))

    assert paging.items(linked) == paging.items(pages[1])


@requirement("PAGE-NEXT-LINK-WORKS")
@for_each_operation(with_next_link)
def test_the_last_page_has_no_link(paging):
    """A list is read to its end; each page but the last has a link to the next."""
    paging.fill(3)
    pages = paging.all(2)

    assert [bool(paging.linked(page)) for page in pages] == [True] * (len(pages) - 1) + [False]
