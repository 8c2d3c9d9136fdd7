"""The script of a world as a document that is read."""

from __future__ import annotations

from pathlib import Path

import pytest

import worldkit as wk
from worldkit.cli import main
from worldkit.interop.script_document import to_markdown


def gate() -> wk.World:
    with wk.build("The Gate") as b:
        b.state("road", "A road.\n\n- A gate, *shut*.", narration="You wait.", ambient=["Rain falls."])
        b.state("garden", "A garden.", ending={"kind": "win", "title": "In", "subtitle": "At last."})
        b.override("road", "take_key", one_shot=True, grants=["key"], narration="It is <b>cold</b>.\nYou shiver.")
        b.transition("road", "garden", "go_in", requires=["key"], locked_hint="Locked.")
        b.transition("road", "garden", "sleep", hidden=True, auto_after_ms=2500)
    return b.world


def test_a_document_has_scenes_choices_and_words(tmp_path: Path) -> None:
    path = gate().to_script(tmp_path / "gate.md", readers=["player", "picture"])
    assert (
        path.read_text(encoding="utf-8")
        == """# The Gate

## Road

*The story begins here.*

A road.

\\- A gate, \\*shut\\*.

> You wait.

- ambient 1: Rain falls.

- **Take key** (once; gives key)
  > It is \\<b\\>cold\\</b\\>.\\
  > You shiver.
- **Go in** → Garden (needs key)
  - lockedHint: Locked.
- **Sleep** → Garden (by itself, without a button; after 2.5 s)

## Garden

A garden.

**The end (win).** In – At last.

## Words by scene

| scene | player | picture |
| --- | ---: | ---: |
| Road | 12 | 7 |
| Garden | 3 | 2 |
| all scenes | 15 | 9 |
"""
    )


def test_texts_of_an_event_stand_once_where_it_is_offered_first_or_at_the_end_if_it_is_offered_nowhere() -> None:
    home = {"name": "go_home", "kind": "transition", "from": ["hill", "road"], "to": "road", "narration": "Home, $5."}
    lost = {"name": "swim", "kind": "override", "from": ["sea"], "narration": "You swim."}
    states = {"road": {"base": "A road."}, "hill": {"base": "A hill."}}
    document = to_markdown(wk.load({"name": "W", "scene": {"states": states, "events": [home, lost]}}))
    scenes = document.split("\n## ")
    assert [scene.count("Home, \\$5.") for scene in scenes] == [0, 1, 0, 0, 0]
    assert scenes[3] == "Offered in no scene\n\n- **Swim**\n  > You swim.\n"
    assert "| Offered in no scene | 3 | 0 | 0 | 0 |" in scenes[4]


@pytest.mark.parametrize("name", ["lighthouse", "archive"])
def test_every_text_of_a_sample_is_in_its_document(name: str, tmp_path: Path) -> None:
    world = wk.samples.load(name)
    document = " ".join(world.to_script(tmp_path / "sample.md").read_text(encoding="utf-8").replace("\\", "").split())
    for state in world.states.values():
        assert " ".join(state.base.split()) in document
    for event in world.events:
        assert " ".join((event.narration or "").split()) in document


def test_a_document_is_not_replaced_and_does_not_come_back(tmp_path: Path) -> None:
    path, world = tmp_path / "gate.md", gate()
    assert main(["script", str(world.save(tmp_path / "gate.world.json")), str(path)]) == 0
    with pytest.raises(FileExistsError):
        world.to_script(path)
    with pytest.raises(wk.WrongArgument, match="is only written"):
        world.apply_script(path)
    with pytest.raises(wk.WrongArgument, match="does not come back"):
        world.to_script(tmp_path / "other.md", language="de")
