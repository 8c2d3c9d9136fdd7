"""The two profiles as data (docs/spec/index.md, "Two profiles")."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import worldkit
from worldkit import WrongArgument
from worldkit.core.profile import HOSTED, STUDIO, profile_named


def test_hosted_takes_nine_operations_and_the_studio_any() -> None:
    assert HOSTED.operations is not None and len(HOSTED.operations) == 9
    assert HOSTED.takes("update_state") and not HOSTED.takes("rename_state")
    assert STUDIO.takes("rename_state")


def test_a_profile_is_found_by_its_name() -> None:
    assert profile_named("hosted") is HOSTED
    assert profile_named("studio") is STUDIO
    with pytest.raises(WrongArgument, match='"hosted" or "studio"'):
        profile_named("offline")


def test_each_profile_spells_the_path_of_a_place_in_its_own_way() -> None:
    assert HOSTED.path("state", "a.b", "base") == "state[a.b].base"
    assert STUDIO.path("state", "a.b", "base") == "states.a.b.base"
    assert HOSTED.path("state", "lane", " (static)") == "state[lane] (static)"
    assert HOSTED.path("event", "x {y}", "") == "event[x {y}]"
    assert HOSTED.path("world", "", "entrance.state") == STUDIO.path("world", "", "entrance.state") == "entrance.state"


def _comparisons_of_profiles(tree: ast.Module) -> Iterator[int]:
    """Yield the lines that compare a profile with one of the two, or its name with a text."""
    profiles = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "worldkit.core.profile"
        for alias in node.names
        if alias.name in ("HOSTED", "STUDIO")
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides = [ast.unparse(side) for side in (node.left, *node.comparators)]
            if any(side in profiles or side.endswith(("profile.name", "STUDIO.name", "HOSTED.name")) for side in sides):
                yield node.lineno


def test_no_code_asks_which_profile_it_has() -> None:
    source = Path(worldkit.__file__).parent
    texts = {file: file.read_text(encoding="utf-8") for file in sorted(source.rglob("*.py"))}
    places = [
        f"{file.relative_to(source)}:{line}"
        for file, text in texts.items()
        if re.search("profile|STUDIO|HOSTED", text)
        for line in _comparisons_of_profiles(ast.parse(text))
    ]
    assert places == []
    asks = ast.parse("from worldkit.core.profile import STUDIO\nif profile is STUDIO or rules.profile.name == 'x': ...")
    assert len(list(_comparisons_of_profiles(asks))) == 2
