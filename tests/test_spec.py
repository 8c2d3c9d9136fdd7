"""The pages under docs/: every link leads to a page and a heading, and so does every page that code cites."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted((*DOCS.rglob("*.md"), *ROOT.glob("*.md")))
SPECIFICATION = ("smworld", "ops", "rules", "runtime", "api-v1", "embed", "webhooks", "frames")

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
SOURCE = re.compile(r"""(?:src|srcset)="([^"]+)\"""")
CITATION = re.compile(r"\bdocs/((?:[\w-]+/)*[\w-]+\.md)(?:#([\w-]+))?")
CODE_FOLDERS = ("src", "schema", "widgets", "docs", "scripts", "bench", "notebooks")
TEXT_SUFFIXES = {".py", ".ts", ".tsx", ".css", ".mjs", ".json", ".md", ".ipynb", ".toml", ".html"}
BUILT_FOLDERS = {"node_modules", "static"}


def slug(heading: str) -> str:
    """Return the anchor of a heading, as GitHub and MyST make it."""
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").replace("*", "")
    return re.sub(r"[^\w\- ]", "", plain.strip().lower()).replace(" ", "-")


@cache
def anchors(page: Path) -> frozenset[str]:
    """Return the anchors of a page: its headings, and the targets that it names itself."""
    text = re.sub(r"^(```+|~~~+).*?^\1", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    names: list[str] = []
    for heading in re.findall(r"^#{1,6} (.+)$", text, flags=re.MULTILINE):
        name = slug(heading)
        times = sum(1 for other in names if re.fullmatch(rf"{re.escape(name)}(-\d+)?", other))
        names.append(f"{name}-{times}" if name in names else name)
    return frozenset({*names, *re.findall(r"^\(([\w-]+)\)=$", text, flags=re.MULTILINE)})


def links(page: Path) -> Iterator[str]:
    """Yield the links and pictures of a page that stay within the repository."""
    text = re.sub(r"^(```+)[^\n{]*\n.*?^\1", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in (*LINK.findall(text), *SOURCE.findall(text)):
        if not re.match(r"[a-z]+:", target):
            yield target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_to_a_file_and_a_heading(page: Path) -> None:
    for target in links(page):
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), f"{page.name} leads to {target}"
        assert not anchor or anchor in anchors(file), f"{page.name} leads to {target}"


def test_every_page_that_is_cited_exists_with_its_heading() -> None:
    missing: list[str] = []
    citations = 0
    for folder in CODE_FOLDERS:
        for file in (ROOT / folder).rglob("*"):
            if file.suffix not in TEXT_SUFFIXES or BUILT_FOLDERS & set(file.relative_to(ROOT).parts):
                continue
            for path, anchor in CITATION.findall(file.read_text("utf-8", errors="replace")):
                citations += 1
                page = DOCS / path
                if not page.is_file() or (anchor and anchor not in anchors(page)):
                    missing.append(f"{file.relative_to(ROOT)}: docs/{path}{'#' + anchor if anchor else ''}")
    assert not missing
    assert citations


def test_every_path_of_the_repository_that_a_page_names_exists() -> None:
    path_pattern = re.compile(r"`((?:src|schema|scripts|bench|tests|notebooks|widgets)/[\w./-]*\w)(?:::[\w:]+)?`")
    missing = [
        f"{page.relative_to(ROOT)}: {path}"
        for page in PAGES
        for path in path_pattern.findall(page.read_text("utf-8"))
        if not (ROOT / path).exists() and not (ROOT / "src" / "worldkit" / path).exists()
    ]
    assert not missing


def test_every_module_that_a_page_names_can_be_imported() -> None:
    module_pattern = re.compile(r"(?<![\w/.])worldkit(?:\.[A-Za-z]\w*)+(?!\w*[/(])")
    loggers = {"worldkit.api"}
    missing: list[str] = []
    for page in PAGES:
        for name in sorted(set(module_pattern.findall(page.read_text("utf-8"))) - loggers):
            module, _, last = name.rpartition(".")
            try:
                exists = importlib.util.find_spec(name) is not None or hasattr(importlib.import_module(module), last)
            except ModuleNotFoundError:
                exists = hasattr(importlib.import_module(module), last)
            if not exists:
                missing.append(f"{page.relative_to(ROOT)}: {name}")
    assert not missing


def test_the_specification_is_complete_and_says_its_version() -> None:
    index = (DOCS / "spec" / "index.md").read_text("utf-8")
    assert re.search(r"^\*\*Version \d+\.\d+, \d{1,2} \w+ \d{4}\.\*\*", index, flags=re.MULTILINE)
    for name in SPECIFICATION:
        assert f"]({name}.md)" in index and (DOCS / "spec" / f"{name}.md").is_file(), name


def test_every_rule_of_the_specification_names_a_source_that_the_index_explains() -> None:
    index = (DOCS / "spec" / "index.md").read_text("utf-8")
    for name in SPECIFICATION:
        page = (DOCS / "spec" / f"{name}.md").read_text("utf-8")
        for mark in re.findall(r"\[(docs|app|studio|choice)\]", page):
            assert f"| [{mark}] |" in index
