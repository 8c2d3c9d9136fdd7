"""The guides: every picture is there in both themes, small, described and shown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1] / "docs"
IMAGES = DOCS / "images"
GUIDES = (
    "editor",
    "generation",
    "tables",
    "player",
    "exploring",
    "properties",
    "acting",
    "evidence",
    "react",
    "compare",
    "embed",
)
PICTURE = re.compile(
    r'<picture>\n  <source media="\(prefers-color-scheme: dark\)" srcset="images/(\S+)-dark\.png">\n'
    r'  <img src="images/(\S+)-light\.png" alt="([^"]+)">\n</picture>'
)
MAX_PICTURE_BYTES = 150_000
MAX_TOTAL_BYTES = 7_000_000


@pytest.mark.parametrize("guide", GUIDES)
def test_a_guide_shows_each_of_its_pictures_once_in_both_themes(guide: str) -> None:
    page = (DOCS / f"{guide}.md").read_text(encoding="utf-8")
    pictures = PICTURE.findall(page)
    assert len(pictures) == page.count("<img")
    assert all(dark == light and len(alt) > 10 for dark, light, alt in pictures)
    names = sorted(light for _, light, _ in pictures)
    files = {str(path.relative_to(IMAGES).with_suffix("")) for path in (IMAGES / guide).glob("*.png")}
    assert sorted(files) == sorted(f"{name}-{theme}" for name in names for theme in ("light", "dark"))


def test_every_picture_is_shown_on_a_page() -> None:
    pages = [*DOCS.glob("**/*.md"), DOCS.parent / "README.md"]
    shown = {name for page in pages for name in re.findall(r"images/([\w/.-]+)", page.read_text(encoding="utf-8"))}
    assert {path.relative_to(IMAGES).as_posix() for path in IMAGES.rglob("*.*")} <= shown


def test_pictures_are_small() -> None:
    sizes = {path: path.stat().st_size for guide in GUIDES for path in (IMAGES / guide).glob("*.png")}
    assert max(sizes.values()) <= MAX_PICTURE_BYTES and sum(sizes.values()) <= MAX_TOTAL_BYTES
