"""The picture that a notebook shows for a world fits the cell and can be read there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.export.test_svg import SVG, assert_safe, parse_svg, texts_of
from tests.export.worlds import chain, hostile, tangle, world
from tests.strategies import documents
from worldkit import World, samples
from worldkit.core.spoken_names import heading
from worldkit.drawing.cell_picture import CELL_WIDTH, cell_picture
from worldkit.layout.measures import CARD_W, PITCH_X
from worldkit.layout.placement import layout
from worldkit.layout.text import width, wrap_name

MIN_TITLE_PX = 9.0
"""The smallest size of a title that is read, in pixels on the screen."""


NARROW_WIDTH = 430
"""The width of a cell's output on half a screen, in pixels."""


def shown_titles(svg: str, width: int = CELL_WIDTH) -> list[tuple[str, float]]:
    """Return each line of a title, with its size in pixels where the picture has a width."""
    root = parse_svg(svg)
    scale = width / float((root.get("viewBox") or "").split()[2])
    hidden = "narrow" if width > NARROW_WIDTH else "wide"

    def walk(element: ElementTree.Element, size: float) -> list[tuple[str, float]]:
        if element.get("class") == hidden:
            return []
        scale = re.search(r"scale\(([\d.]+)\)", element.get("transform") or "")
        size *= float(scale[1]) if scale else 1
        own = [(element.text or "", 17 * size)] if (element.get("class") or "").startswith("t ") else []
        return own + [line for child in element for line in walk(child, size)]

    return walk(root, scale)


@pytest.mark.parametrize("name", ["bench", "bread", "circus", "delivery", "lighthouse"])
def test_every_title_of_a_small_sample_can_be_read_in_half_the_width(name: str) -> None:
    w = samples.load(name)
    svg = cell_picture(w)
    lines = shown_titles(svg, NARROW_WIDTH)
    assert len(lines) >= len(w.states)
    assert min(size for _, size in lines) >= MIN_TITLE_PX
    assert "@media (max-width:560px)" in svg


@pytest.mark.parametrize("name", samples.names())
def test_every_title_of_a_sample_can_be_read_on_a_laptop(name: str) -> None:
    w = samples.load(name)
    lines = shown_titles(cell_picture(w))
    assert len(lines) >= len(w.states)
    assert min(size for _, size in lines) >= MIN_TITLE_PX
    whole = "".join(text for text, _ in lines).replace(" ", "")
    unreadable = [id for id in w.states if heading(id).replace(" ", "") not in whole]
    assert len(unreadable) <= len(w.states) // 20, unreadable


def test_a_picture_is_as_wide_as_its_cell_and_says_no_height() -> None:
    root = parse_svg(cell_picture(samples.load("archive")))
    assert (root.get("width"), root.get("height")) == ("100%", None)


@pytest.mark.parametrize("name", ["bench", "circus", "archive"])
def test_in_a_wide_cell_no_text_is_larger_than_usual(name: str) -> None:
    root = parse_svg(cell_picture(samples.load(name)))
    most = int(re.findall(r"max-width:(\d+)px", root.get("style") or "")[0])
    assert most > CELL_WIDTH
    magnifications = re.findall(r"scale\(([\d.]+)\)", ElementTree.tostring(root, encoding="unicode"))
    assert most / float((root.get("viewBox") or "").split()[2]) * float(magnifications[0]) <= 1.01


def test_a_small_picture_keeps_its_size() -> None:
    root = parse_svg(cell_picture(world(["a"])))
    assert int(root.get("width") or 0) < CELL_WIDTH


def test_a_notebook_shows_this_picture() -> None:
    w = samples.load("lighthouse")
    assert w._repr_mimebundle_() == {"text/plain": repr(w), "image/svg+xml": cell_picture(w)}


def test_cards_show_the_pictures_of_their_states_unless_there_are_too_many_for_a_notebook_to_keep() -> None:
    lighthouse = samples.load("lighthouse")
    svg = cell_picture(lighthouse)
    assert svg.count('clip-path="url(#wk-card-picture)"') == len(lighthouse.states)
    assert len(svg) < 8_000 * len(lighthouse.states)
    assert "clip-path" not in cell_picture(chain(60))


def test_no_label_lies_on_the_mark_of_an_entrance_or_an_ending() -> None:
    root = parse_svg(cell_picture(samples.load("delivery")))
    boxes = [*scaled_boxes(root, 1.0, 0.0, 0.0)]
    marks = [box for name, box in boxes if name in ("tint", "win-tint", "lose-tint")]
    labels = [box for name, box in boxes if name == "plate"]
    assert len(marks) == len(labels) == 4
    for mark in marks:
        assert not any(mark[0] < b[2] and b[0] < mark[2] and mark[1] < b[3] and b[1] < mark[3] for b in labels)


def scaled_boxes(
    element: ElementTree.Element, scale: float, left: float, top: float
) -> Iterator[tuple[str, tuple[float, float, float, float]]]:
    """Yield the class and the edges of each rectangle: left, upper, right, lower; not of scenes' or narrow pictures."""
    for part in element:
        if part.tag == f"{SVG}svg" or part.get("class") == "narrow":
            continue
        numbers = dict(re.findall(r"(\w+)\(([^)]*)\)", part.get("transform", "")))
        x, y = map(float, numbers.get("translate", "0 0").split())
        here = (scale * float(numbers.get("scale", "1")), left + scale * x, top + scale * y)
        if part.tag == f"{SVG}rect":
            x, y, width, height = (float(part.get(name) or 0) for name in ("x", "y", "width", "height"))
            corner = (here[1] + here[0] * x, here[2] + here[0] * y)
            yield part.get("class", ""), (*corner, corner[0] + here[0] * width, corner[1] + here[0] * height)
        yield from scaled_boxes(part, *here)


def test_a_card_with_room_shows_prose_and_a_crowded_one_its_title() -> None:
    few, many = (texts_of(cell_picture(chain(count))) for count in (3, 60))
    assert "The s1." in few and "S1" in few
    assert "S1" in many


@settings(max_examples=60, deadline=None)
@given(documents(max_states=9, max_events=14).map(World.from_dict), st.integers(1, 5))
def test_a_limited_layout_has_no_more_columns_and_no_card_on_another(w: World, columns: int) -> None:
    places = layout(w, max_columns=columns)
    assert list(places) == list(w.states)
    assert max((x for x, _ in places.values()), default=0) + CARD_W <= columns * PITCH_X
    assert all(
        abs(x - u) >= CARD_W or abs(y - v) >= 168
        for a, (x, y) in places.items()
        for b, (u, v) in places.items()
        if a < b
    )


@settings(max_examples=40, deadline=None)
@given(documents(max_states=8, max_events=14).map(World.from_dict))
def test_it_is_well_formed_safe_and_repeatable(w: World) -> None:
    assert_safe(cell_picture(w), pictures=True)
    assert cell_picture(w) == cell_picture(World.from_dict(w.to_dict()))


def test_hostile_names_stay_text() -> None:
    svg = cell_picture(hostile())
    assert_safe(svg, pictures=True)
    assert "<script" not in svg and "\u202e" not in svg


@pytest.mark.parametrize("w", [world([], name="Nothing yet"), tangle(180, 600), tangle(500, 900)])
def test_any_size_has_a_picture(w: World) -> None:
    svg = cell_picture(w)
    assert_safe(svg, pictures=True)
    assert len(svg) < 1_000_000


@settings(deadline=None)
@given(st.text(st.sampled_from("ab_- é"), max_size=40), st.floats(30, 200), st.integers(1, 4))
def test_a_wrapped_name_fits_and_loses_nothing_that_has_room(name: str, room: float, lines: int) -> None:
    name_lines = wrap_name(name, room, 17, lines)
    assert 1 <= len(name_lines) <= lines
    assert all(width(line, 17, bold=True) <= room for line in name_lines)
    if not any("\u2026" in line for line in name_lines):
        assert "".join(name_lines).replace(" ", "") == name.replace(" ", "")
