"""docs/security.md: every claim names a test, and every test it names exists."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "security.md").read_text("utf-8")
TEST = re.compile(r"`(tests/[\w/]+\.py)((?:::\w+)*)`")


def claims() -> list[tuple[str, str]]:
    """Return every row of the tables of claims: the claim, and the cell that names its tests."""
    rows: list[tuple[str, str]] = []
    for table in re.findall(r"\| claim \| test \|\n\| --- \| --- \|\n((?:\|.*\n)+)", PAGE):
        for line in table.splitlines():
            claim, tests = line.strip("| ").rsplit(" | ", 1)
            rows.append((claim, tests))
    return rows


@cache
def names_in(path: Path) -> set[str]:
    """Return the names of a file's functions and classes, those of a class behind its name: ``TestSaving::test_x``."""
    names: set[str] = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        if isinstance(node, ast.ClassDef):
            names |= {f"{node.name}::{part.name}" for part in node.body if isinstance(part, ast.FunctionDef)}
    return names


def test_the_page_has_its_tables() -> None:
    assert len(claims()) > 40


@pytest.mark.parametrize(("claim", "tests"), claims())
def test_a_claim_names_tests_that_exist(claim: str, tests: str) -> None:
    test_names = TEST.findall(tests)
    assert test_names, f"no test is named for: {claim}"
    for file, name in test_names:
        assert (ROOT / file).is_file(), file
        assert not name or name.removeprefix("::") in names_in(ROOT / file), f"{file}{name}"
