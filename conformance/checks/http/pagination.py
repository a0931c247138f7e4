"""Pagination: the pages of a list hold every item once."""

from conformance.effects.pagination import FORGED_CURSORS, occurrences, order
from conformance.judgement.expectation import each
from conformance.judgement.expectations import refusal, refused, success
from conformance.marks import for_each_operation, for_one_operation, given, requirement
from conformance.selection.operations import addressed, both, paged, secured_creation
from conformance.selection.promises import numbered, with_next_link

LENIENT_INTEGERS = ("1_0", "+1", " 1", "\uff11", "0x1", "1x", "true")
OUTSIDE = (("minimum", -1), ("maximum", 1), ("maximum", 10**12))  # a bound of the limit, and how far from it


@requirement("PAGE-COMPLETE-NO-DUPLICATES")
@for_each_operation(paged)
def test_the_pages_are_the_whole_list(pagination):
    """Seven things are made, and the list is read in pages of three sizes; each is met once, and the end comes."""
    markers = pagination.fill(7)

    walks = [pagination.all_pages(size) for size in (1, 3, 7)]

    assert [occurrences(pages, markers) for pages in walks] == [[1] * 7] * 3
    assert [pagination.next_cursor(pages[-1]) for pages in walks] == [""] * 3


@requirement("PAGE-COMPLETE-NO-DUPLICATES")
@for_each_operation(numbered)
def test_numbered_pages_are_the_whole_list(numbered_pages):
    """Five things are made, and the list is read in small pages by number, offset or cursor; each is met once."""
    assert numbered_pages.times_met() == [1] * 5


@requirement("PAGE-COMPLETE-NO-DUPLICATES")
@for_one_operation(secured_creation)
def test_the_largest_page_is_not_the_whole_list(pagination_of_created):
    """One thing more is made than the largest page holds; in pages of that size, each is met once."""
    markers = pagination_of_created.fill_beyond_largest_page()

    largest = pagination_of_created.all_pages(pagination_of_created.limit_bound("maximum"))

    assert occurrences(largest, markers) == [1] * len(markers)


@requirement("PAGE-COMPLETE-NO-DUPLICATES")
@for_each_operation(paged)
def test_the_pages_are_whole_after_a_change(pagination):
    """Five things are made, and the first of them is changed; in pages of two, each is met once."""
    markers = pagination.fill_and_change(5)

    assert occurrences(pagination.all_pages(2), markers) == [1] * 5


@requirement("PAGE-COMPLETE-NO-DUPLICATES")
@for_each_operation(both(paged, addressed))
def test_no_page_shows_what_stands_in_another_list(pagination, other_list):
    """The lists below two objects are filled, and one is read item by item; no page shows an item of the other."""
    others = other_list.fill(2)
    pagination.fill(3)

    assert occurrences(pagination.all_pages(1), others) == [0, 0]


@requirement("PAGE-ORDER-KEPT")
@for_each_operation(paged)
def test_pages_keep_the_order_of_the_list(pagination):
    """Five things are made, and listed in pages of two and in as few as there can be; they stand in the same order."""
    markers = pagination.fill(5)
    small, large = pagination.all_pages(2), pagination.all_pages(pagination.limit_bound("maximum"))

    assert order(small, markers) == order(large, markers)


@requirement("PAGE-CURSOR-OPAQUE-VALIDATED")
@for_each_operation(paged)
def test_a_forged_cursor_is_refused(pagination):
    """A cursor leads to a page; what is made of it in seven ways, or made up, is refused each time."""
    pagination.fill(3)
    cursor = pagination.first_cursor()

    control, replies = pagination.page(cursor), [pagination.page(forged(cursor)) for forged in FORGED_CURSORS]

    assert control == success
    assert replies == each(refusal(pagination.operation, 400, 422))


@requirement("PAGE-CURSOR-OPAQUE-VALIDATED")
@for_each_operation(paged)
@given("normative")
def test_an_empty_cursor_is_refused(pagination):
    """The list is asked for with a cursor of no characters, which nobody gave; it is refused."""
    reply = pagination.page("")

    assert reply == refusal(pagination.operation, 400, 422)


@requirement("PAGE-CURSOR-BOUND")
@for_each_operation(paged)
def test_a_cursor_shows_nobody_else_what_it_leads_to(pagination, bob):
    """Alice's cursor leads her to her things; Bob, who uses it, sees none of them."""
    pagination.fill(3)
    cursor = pagination.first_cursor()

    hers, his = pagination.page(cursor), pagination.page(cursor, bob)

    assert pagination.items(hers) != []
    assert pagination.common_items(hers, his) == []


@requirement("PAGE-LIMIT-BOUNDS")
@for_each_operation(paged)
def test_a_page_holds_no_more_than_was_asked_for(pagination):
    """Five things are made and listed in pages of two; the first page holds two, and no other one more."""
    pagination.fill(5)

    sizes = [len(pagination.items(page)) for page in pagination.all_pages(2)]

    assert sizes[0] == 2
    assert max(sizes) == 2


@requirement("PAGE-LIMIT-BOUNDS")
@for_each_operation(paged)
def test_a_limit_outside_the_bounds_is_refused(pagination):
    """A page is asked for with both bounds of the limit, and beyond them; those are accepted, these are refused."""
    bounds = [pagination.page_of_size(pagination.limit_bound(bound)) for bound in ("minimum", "maximum")]
    outside = [pagination.limit_bound(bound) + distance for bound, distance in OUTSIDE]
    replies = [pagination.page_of_size(size) for size in outside]

    assert bounds == each(success)
    assert replies == each(refusal(pagination.operation, 400, 422))


@requirement("PAGE-LIMIT-BOUNDS")
@for_each_operation(paged)
def test_a_limit_that_is_no_number_is_refused(pagination):
    """A page is asked for with limits that are no integers; each is refused."""
    replies = [pagination.page_of_size(text) for text in ("abc", "1e1", " ", "1.5")]

    assert replies == each(refused)


@requirement("PAGE-LIMIT-BOUNDS")
@for_each_operation(paged)
@given("normative")
def test_a_limit_in_the_spelling_of_a_program_is_refused(pagination):
    """A page is asked for with texts that programs take for integers, and JSON does not; each is refused."""
    replies = [pagination.page_of_size(text) for text in LENIENT_INTEGERS]

    assert replies == each(refused)


@requirement("PAGE-STABLE-UNDER-CHANGE")
@for_each_operation(paged)
@given("stable_pages")
def test_what_is_made_in_between_repeats_nothing(pagination):
    """A page is read, three things are made, and the other pages are read; what was there before is met once."""
    markers = pagination.fill(5)
    first = pagination.page_of_size(2)
    pagination.fill(3)

    assert occurrences([first, *pagination.remaining_pages(first, 2)], markers) == [1] * 5


@requirement("PAGE-STABLE-UNDER-CHANGE")
@for_each_operation(paged)
@given("stable_pages")
def test_what_is_deleted_in_between_skips_nothing(pagination):
    """A page is read, the last thing on it is deleted, and the other pages are read; each of the others is met once."""
    objects = pagination.create(5)
    first = pagination.page_of_size(2)
    others = pagination.delete_one_of(first, objects)

    assert occurrences([first, *pagination.remaining_pages(first, 2)], others) == [1] * 4


@requirement("PAGE-NEXT-LINK-WORKS")
@for_each_operation(with_next_link)
def test_each_link_leads_where_the_cursor_does(pagination):
    """Three things are listed one by one; each page but the last has a link, and it shows what the next page does."""
    pagination.fill(3)
    first, *later = pagination.all_pages(1)
    links = [pagination.next_link(page) for page in (first, *later)]

    assert [bool(link) for link in links] == [True] * len(later) + [False]
    assert [pagination.linked_items(link) for link in links[:2]] == [pagination.items(page) for page in later[:2]]
