"""Mermaid text holds every state and move, and no name can break out of its label."""

from __future__ import annotations

import html
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.export.worlds import HOSTILE, hostile, move, world
from tests.strategies import documents
from worldkit import World, samples
from worldkit.core.spoken_names import heading
from worldkit.drawing.mermaid import to_mermaid
from worldkit.layout.moves import moves
from worldkit.layout.text import clean

_TEXT = r'(?:[^"\[\]{}|<>`&;:*\\]|#\d+;|<br/>|&(?!\w+;))*'
_NODE = re.compile(rf's\d+(?:\["{_TEXT}"\]|\(\["{_TEXT}"\]\):::start|\{{\{{"{_TEXT}"\}}\}}:::(?:win|lose))')
_EDGE = re.compile(rf's\d+ (?:-->|-\.->)\|"{_TEXT}"\| s\d+')
_CLASS = re.compile(r"classDef (?:start|win|lose) stroke:#\w+,stroke-width:2px")


def assert_whole(text: str) -> None:
    first, *lines = text.splitlines()
    assert first == "flowchart LR"
    for line in lines:
        assert any(form.fullmatch(line.strip()) for form in (_NODE, _EDGE, _CLASS)), line


@settings(max_examples=80, deadline=None)
@given(documents().map(World.from_dict))
def test_every_line_is_a_node_or_an_edge_whatever_the_names(w: World) -> None:
    text = to_mermaid(w)
    assert_whole(text)
    assert len(re.findall(r"^    s\d+ -", text, re.M)) == len(moves(w))


@given(st.text(min_size=1, max_size=30))
def test_a_label_reads_as_players_read_the_name(name: str) -> None:
    text = to_mermaid(world([name]))
    assert_whole(text)
    label = re.search(r'\(\["(.*)"\]\)', text)
    assert label is not None
    label_text = html.unescape(re.sub(r"#(\d+);", r"&#\1;", label.group(1)))
    assert label_text.replace("\xa0", "") == clean(heading(name)).replace("\xa0", "")


def test_hostile_names_stay_labels() -> None:
    text = to_mermaid(hostile())
    assert_whole(text)
    assert len(HOSTILE) * 2 == len(re.findall(r"^    s\d+ -", text, re.M))
    assert "<script" not in text and "javascript:" not in text


def test_a_sample_reads_well() -> None:
    text = to_mermaid(samples.load("lighthouse"))
    assert 's0(["Landing"]):::start' in text
    assert 's6 -->|"Light the lamp<br/>needs oil, wound<br/>cutscene the_first_beam"| s8' in text
    assert 's6 -.->|"The steamer holds her course"| s12' in text
    assert 's10{{"Steamer turns<br/>win"}}:::win' in text


def test_long_names_are_shortened() -> None:
    text = to_mermaid(world(["x" * 500], [move("y" * 500, "x" * 500, "x" * 500)]))
    assert max(map(len, text.splitlines())) < 200
