"""The tables of docs/reference are those of the schemas and registries."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import ModuleType

import pytest

from tests.scripts import load_script

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def tables() -> ModuleType:
    return load_script("scripts/spec_tables.py")


def test_the_pages_of_tables_are_up_to_date(tables: ModuleType) -> None:
    differing = [page.name for page, text in tables.pages().items() if page.read_text("utf-8") != text]
    assert not differing, "run: python scripts/spec_tables.py"


def test_a_page_that_differs_is_named(
    tables: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tables, "ROOT", tmp_path)
    monkeypatch.setattr(tables, "pages", lambda: {tmp_path / "rules.md": "new"})
    assert tables.main(["--check"]) == 1
    assert "rules.md is not up to date" in capsys.readouterr().out
    assert tables.main([]) == 0
    assert tables.main(["--check"]) == 0
    assert (tmp_path / "rules.md").read_text("utf-8") == "new"


def test_the_specification_names_every_operation_and_no_other() -> None:
    schema = json.loads((ROOT / "schema" / "ops.json").read_text("utf-8"))
    names_in_schema: set[str] = set()
    for reference in schema["oneOf"]:
        name = schema["$defs"][reference["$ref"].rpartition("/")[2]]["properties"]["op"]
        names_in_schema |= {name["const"]} if "const" in name else set(name["enum"])
    page = (ROOT / "docs" / "spec" / "ops.md").read_text("utf-8")
    rows = re.findall(r"^\| (`[a-z_]+`(?:, `[a-z_]+`)*) \|", page.partition("## Lowering")[0], flags=re.MULTILINE)
    operation_names = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert operation_names == names_in_schema


def test_a_type_is_told_in_words(tables: ModuleType) -> None:
    assert tables.type_of({"type": ["array", "null"], "items": {"type": "string"}}) == "list of text or `null`"
    assert tables.type_of({"enum": ["win", "lose"]}) == '`"win"`, `"lose"`'
    assert tables.type_of({"$ref": "#/$defs/State"}, "fields.md") == "[State](fields.md#state)"
    assert tables.type_of({}) == "any JSON"
