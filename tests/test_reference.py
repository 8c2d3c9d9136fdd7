"""The reference pages document every public name once."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import worldkit as wk

PAGES = sorted((Path(__file__).parents[1] / "docs" / "reference").glob("*.md"))
DIRECTIVE = re.compile(r"^\.\. auto(?:class|exception|function|module):: worldkit\.(\w+)$", flags=re.MULTILINE)


def documented() -> Counter[str]:
    """Return how often the pages document each name."""
    return Counter(name for page in PAGES for name in DIRECTIVE.findall(page.read_text("utf-8")))


def test_every_public_name_is_documented() -> None:
    assert sorted(set(wk.__all__) - set(documented())) == []


def test_no_name_is_documented_that_is_not_public_or_twice() -> None:
    assert sorted(set(documented()) - set(wk.__all__)) == []
    assert [name for name, times in documented().items() if times > 1] == []
