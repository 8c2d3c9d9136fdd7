"""The guide on importing shows what the example really gives."""

from __future__ import annotations

import re
from pathlib import Path

import worldkit as wk

PAGE = (Path(__file__).parents[2] / "docs" / "importing.md").read_text("utf-8")


def test_the_example_gives_what_the_guide_shows() -> None:
    story = re.search(r"```twee\n(.*?)```", PAGE, re.DOTALL)
    output = re.search(r"```text\n(.*?)```", PAGE, re.DOTALL)
    assert story is not None and output is not None
    imported = wk.import_(story[1])
    assert repr(imported) + "\n" == output[1]
    assert list(imported.world.states) == ["Hall", "Hall (key)", "Key", "Cellar"]
