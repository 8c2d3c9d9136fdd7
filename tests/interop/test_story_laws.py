"""Laws of importing: a world plays as the story does, and whatever cannot be expressed is said."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

import worldkit as wk
from tests.interop.stories import FORMATS, Page, machine_of, machines, pages, plays_alike, twee
from worldkit.interop.stories.machine_document import machine_document

SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@SLOW
@given(machines())
def test_a_world_plays_as_its_machine_where_nothing_was_lost(machine: wk.Machine) -> None:
    document, _, losses = machine_document(machine, 200)
    if all("nothing that was imported depends on it" in loss.why for loss in losses):
        plays_alike(machine, wk.load(document))


@pytest.mark.parametrize("form", FORMATS)
@SLOW
@given(story=pages())
def test_a_twine_story_plays_as_it_is_written(form: str, story: list[Page]) -> None:
    imported = wk.import_(twee(story, form), max_copies=500)
    assert [loss for loss in imported.lost if "nothing that was imported depends on it" not in loss.why] == []
    plays_alike(machine_of(story), imported.world)
    assert set(imported.world.states) >= {page.name for page in story}
