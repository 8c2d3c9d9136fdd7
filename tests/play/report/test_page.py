"""The page stands alone: no script, nothing fetched, every text escaped, every reference there."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.play.report.worlds import NASTY, hostile, spoiled, undecided, wide
from worldkit import explore, samples
from worldkit.reporting.exploration_page import fragment
from worldkit.reporting.exploration_parts import Digest

VOID = {"meta", "br", "img", "link", "input", "hr"}


class Page(HTMLParser):
    """A strict reader: it fails on tags that do not match."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


RESULT_MAKERS = {
    "clean": lambda: explore(samples.load("lighthouse")),
    "spoiled": lambda: explore(spoiled()),
    "broken": lambda: explore(samples.load("broken")),
    "hostile": lambda: explore(hostile()),
    "wide": lambda: explore(wide()),
    "incomplete": undecided,
}


@pytest.mark.parametrize("name", sorted(RESULT_MAKERS))
def test_the_page_is_whole_and_asks_for_nothing(name: str) -> None:
    page = Page(RESULT_MAKERS[name]().to_html())
    names = [tag for tag, _ in page.tags]
    assert not {"script", "iframe", "link", "object", "form"} & set(names)
    ids = {values["id"] for _, values in page.tags if "id" in values}
    for _, values in page.tags:
        assert not [key for key in values if key.startswith("on")]
        for key in ("href", "src", "fill"):
            value = values.get(key, "")
            if key == "fill" and re.fullmatch("#[0-9a-f]{6}", value):
                continue  # a colour
            if value.startswith(("#", "url(#")):
                assert re.sub(r"^(url\()?#|\)$", "", value) in ids
            else:
                assert "//" not in value and "url(" not in value
    assert names.count("title") >= 1 and "http" not in re.sub(r'xmlns="[^"]+"', "", str(page.tags)).replace(
        "http-equiv", ""
    )


def test_the_verdict_is_the_first_text_and_the_code_that_plays_it_is_there() -> None:
    exploration = explore(spoiled())
    page = Page(exploration.to_html())
    body = page.text[page.text.index(exploration.verdict[:20]) :]
    assert body.startswith(exploration.verdict)
    assert "wk.play(r.world, trace=r.findings[0].route)" in page.text
    assert "The point of no return: in yard, holding hand_lamp" in page.text
    assert "wk.play(r.world, trace=r.routes['steamer_turns'])" in page.text
    looks = [values["src"] for tag, values in page.tags if tag == "img"]
    harmful = [finding for finding in exploration.findings if finding.severity != "info"]
    assert len(looks) == 4 + len(harmful), "one for each ending, and for each finding the place it is about"
    assert all(look.startswith("data:image/svg+xml;base64,") for look in looks)


def test_hostile_text_is_text() -> None:
    page_html = explore(hostile()).to_html()
    page = Page(page_html)
    assert "<img src=x onerror=alert(1)>" in page.text
    assert page_html.count("<img") == page_html.count('<img class="wr-look" src="data:image/svg+xml;base64,')
    assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e]", page_html)
    assert NASTY not in page_html


def test_marks_on_the_map_say_in_words_what_they_mean() -> None:
    exploration = explore(spoiled())
    text = Page(exploration.to_html()).text
    for state in exploration.soft_lock_states:
        assert f"{state}. a run can be stuck here for good" in text
    assert "two_cups. an ending (win): TWO CUPS. no run gets here" in text
    assert "make_the_rope_fast: can never happen" in text


def test_a_long_list_is_folded_and_counted() -> None:
    text = Page(explore(wide()).to_html()).text
    assert "15 more" in text and "and 39 more: r.to_frame()" in text


def test_it_is_written_where_it_is_wanted(tmp_path: Path) -> None:
    exploration = explore(samples.load("bench"))
    assert exploration.to_html(tmp_path / "report.html") == (tmp_path / "report.html").read_text(encoding="utf-8")


def test_the_same_exploration_makes_the_same_page_and_two_can_share_a_page() -> None:
    exploration, other = explore(spoiled()), explore(samples.load("lighthouse"))
    html, more = exploration._repr_html_(), other._repr_html_()
    assert html == exploration._repr_html_()
    scopes = [re.findall(r'id="(wk\w+)-map"', text) for text in (html, more)]
    assert scopes[0] and scopes[1] and scopes[0] != scopes[1]


def test_the_names_in_a_page_hang_on_no_name_of_a_class(monkeypatch: pytest.MonkeyPatch) -> None:
    exploration = explore(samples.load("bench"))
    before = fragment(exploration)
    monkeypatch.setattr(Digest, "__repr__", lambda digest: "Renamed()")
    assert fragment(exploration) == before
