"""The reference pages document every public name once, with an example that runs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

import worldkit as wk
from tests.examples import ExampleServers, run_examples
from tests.server.test_conformance import ADMIN_TOKEN

PAGES = sorted((Path(__file__).parents[1] / "docs" / "reference").glob("*.md"))
BLOCK = re.compile(
    r"^\.\. auto(?:class|exception|function|module):: worldkit\.(\w+)$(.*?)(?=^\.\. auto|\Z)", re.MULTILINE | re.DOTALL
)


def names_documented() -> Counter[str]:
    """Return how often the pages document each name."""
    return Counter(name for page in PAGES for name, _ in BLOCK.findall(page.read_text("utf-8")))


def test_every_public_name_is_documented() -> None:
    assert sorted(set(wk.__all__) - set(names_documented())) == []


def test_no_name_is_documented_that_is_not_public_or_twice() -> None:
    assert sorted(set(names_documented()) - set(wk.__all__)) == []
    assert [name for name, times in names_documented().items() if times > 1] == []


def test_every_name_has_an_example() -> None:
    blocks = [block for page in PAGES for block in BLOCK.findall(page.read_text("utf-8"))]
    bare = [name for name, text in blocks if ">>>" not in text and ">>>" not in (getattr(wk, name).__doc__ or "")]
    assert bare == []


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ExampleServers]:
    with ExitStack() as stack:
        yield ExampleServers(stack, tmp_path_factory.mktemp("servers"))


@pytest.mark.parametrize(
    "page", [page for page in PAGES if ">>>" in page.read_text("utf-8")], ids=lambda page: str(page.stem)
)
def test_the_examples_of_a_page_run(
    page: Path, servers: ExampleServers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ALAKAZAM_API_KEY", servers.api.app().secret)
    monkeypatch.setenv("WORLDKIT_ADMIN_TOKEN", ADMIN_TOKEN)
    monkeypatch.setenv("WORLDKIT_DATA", str(tmp_path / "data"))
    text = re.sub(r"^```.*$", "", servers.with_addresses(page.read_text("utf-8")), flags=re.MULTILINE)
    run_examples(page.stem, text, {"wk": wk}, flags=0)
