"""What a report tells of every known fault; takes as long as the proof."""

from __future__ import annotations

import pytest

from tests.evidence.omissions import not_shown_again, told_in_part, told_in_python, untold
from tests.evidence.walk import chapters, faults_of_chapter, walk


@pytest.mark.slow
@pytest.mark.parametrize("chapter", chapters())
def test_every_fault_of_a_chapter_is_told_in_words_and_shown_again(chapter):
    told = list(walk(faults_of_chapter(chapter)))
    assert (untold(told), not_shown_again(told), told_in_python(told), told_in_part(told)) == ([], [], set(), [])
