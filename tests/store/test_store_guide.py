"""The pages of stores and of properties, run as they stand there."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import worldkit as wk

DOCS = Path(__file__).parents[2] / "docs"
RAIN = {"op": "set_field", "state": "bench", "field": "base", "value": "Rain on the bench."}


def blocks(page: str) -> list[str]:
    """Return the blocks of Python of a page."""
    return re.findall(r"^```python\n(.*?)^```", (DOCS / page).read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)


def run(page: str, blocks: list[str], names: dict[str, Any]) -> None:
    for block in blocks:
        exec(compile(block, f"docs/{page}", "exec"), names)


def test_what_the_page_of_stores_says_of_one_file_runs_also_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code = [block for block in blocks("store.md") if "postgresql" not in block and "recover=True" not in block]
    assert len(code) == 4
    names: dict[str, Any] = {"ops": [RAIN], "worlds": [wk.samples.load("bench")]}
    run("store.md", code, names)
    assert names["bench"].reload().world.states["lane"].base == "Rain on the lane."
    assert [version.title for version in names["bench"].versions()] == ["first draft"]
    run("store.md", code[:1], names)
    assert len(list(names["store"].list(name="bench"))) == 1


def test_what_the_page_of_stores_says_of_damage_can_be_asked_of_a_sound_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    bench = wk.Store("worlds.db").create(wk.samples.load("bench"), name="bench")
    (code,) = [block for block in blocks("store.md") if "recover=True" in block]
    names: dict[str, Any] = {"wk": wk, "id": bench.id, "ops": [RAIN]}
    run("store.md", [code], names)
    assert names["store"].damage is None and names["store"][bench.id].world.states["bench"].base == "Rain on the bench."


def test_what_the_page_of_properties_says_of_checking_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    page = (DOCS / "properties.md").read_text("utf-8")
    (by_hand,) = re.findall(r"^```toml\n(.*?)^```", page, flags=re.MULTILINE | re.DOTALL)
    for name in ("mine", "other"):
        Path(f"{name}.properties.toml").write_text(by_hand, encoding="utf-8")
    names: dict[str, Any] = {"wk": wk, "world": wk.load(wk.samples.load("lighthouse").save("mine.world.json"))}
    run("properties.md", blocks("properties.md")[:1], names)
    assert names["results"][0].outcome == "broken"
    assert Path("mine.properties.toml").read_text(encoding="utf-8") == by_hand
    assert wk.check(wk.load("mine.world.json"), wk.load_properties("proposed.properties.toml")).passed


def test_a_copy_that_sqlite_makes_of_an_open_store_is_a_sound_store(tmp_path: Path) -> None:
    store = wk.Store(tmp_path / "worlds.db")
    store.create(wk.samples.load("bench"), name="bench")
    with (
        closing(sqlite3.connect(tmp_path / "worlds.db")) as source,
        closing(sqlite3.connect(tmp_path / "copy.db")) as copy,
    ):
        source.backup(copy)
    backup = wk.Store(tmp_path / "copy.db")
    assert backup.damage is None and backup["bench"].world == store["bench"].world
