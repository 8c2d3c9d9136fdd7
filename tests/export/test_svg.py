"""The picture is safe to show anywhere, the same every time, of bounded size, and says what matters."""

from __future__ import annotations

import re
import sys
import time
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings

from tests.export.worlds import HOSTILE, chain, hostile, move, tangle, world
from tests.strategies import documents
from worldkit import World, WrongArgument, samples
from worldkit.core.diagnostics import make_diagnostic
from worldkit.drawing.svg import to_svg
from worldkit.layout.placement import layout
from worldkit.layout.text import width

SVG = "{http://www.w3.org/2000/svg}"
ELEMENTS = {"svg", "title", "desc", "style", "g", "rect", "path", "text"}
ATTRIBUTES = {
    "class", "viewBox", "width", "height", "role", "style", "x", "y", "rx", "d", "transform",
}  # fmt: skip
PICTURE_ELEMENTS = {
    "defs", "clipPath", "linearGradient", "radialGradient", "stop", "circle", "ellipse", "image",
}  # fmt: skip
PICTURE_ATTRIBUTES = {
    "id", "fill", "opacity", "stroke", "stroke-width", "stroke-linecap", "offset", "stop-color", "stop-opacity",
    "clip-path", "cx", "cy", "r", "rx", "ry", "x1", "y1", "x2", "y2", "href", "preserveAspectRatio",
}  # fmt: skip


def parse_svg(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def texts_of(svg: str) -> list[str]:
    return [text.text or "" for text in parse_svg(svg).iter(f"{SVG}text")]


def assert_safe(svg: str, *, pictures: bool = False) -> None:
    """Fail where a picture of a map holds more than shapes and text, or names anything outside of itself."""
    elements, attributes = (
        (ELEMENTS | PICTURE_ELEMENTS, ATTRIBUTES | PICTURE_ATTRIBUTES) if pictures else (ELEMENTS, ATTRIBUTES)
    )
    for element in parse_svg(svg).iter():
        assert element.tag.removeprefix(SVG) in elements
        assert set(element.attrib) <= attributes
        for value in element.attrib.values():
            assert "url(" not in value or (pictures and re.fullmatch(r"url\(#[\w-]+\)", value))
        assert element.get("href", "data:image/").startswith("data:image/")
    sheet = parse_svg(svg).find(f"{SVG}style")
    assert sheet is not None and not re.search(r"url|import|expression|<", sheet.text or "")


@settings(max_examples=100, deadline=None)
@given(documents(max_states=8, max_events=14).map(World.from_dict))
def test_every_picture_is_well_formed_safe_and_repeatable(w: World) -> None:
    svg = to_svg(w)
    assert_safe(svg)
    assert svg == to_svg(World.from_dict(w.to_dict()))


@pytest.mark.parametrize("theme", ["auto", "light", "dark"])
def test_hostile_text_stays_text(theme: Any) -> None:
    w = hostile()
    diagnostics = [make_diagnostic("x", "error", text, "state", text) for text in HOSTILE]
    svg = to_svg(w, theme=theme, diagnostics=diagnostics, highlight=HOSTILE[:3])
    assert_safe(svg)
    assert "<script" not in svg and "\u202e" not in svg and "\x1b" not in svg


def test_hostile_text_stays_text_in_a_large_picture() -> None:
    ids = [f"{HOSTILE[at % len(HOSTILE)]}{at}" for at in range(401)]
    assert_safe(to_svg(world(ids, [move(id, id, ids[0]) for id in ids])))


def test_it_names_the_world_for_those_who_cannot_see_it() -> None:
    root = parse_svg(to_svg(samples.load("lighthouse")))
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == "The Light at Skarra"
    assert "14 states" in (root.findtext(f"{SVG}desc") or "")


def test_auto_follows_the_reader_s_system_and_the_others_do_not() -> None:
    w = samples.load("bench")
    assert "prefers-color-scheme:dark" in to_svg(w)
    assert to_svg(w) == to_svg(w, theme="auto")
    for theme in ("light", "dark"):
        assert "@media" not in to_svg(w, theme=theme)
    assert to_svg(w, theme="light") != to_svg(w, theme="dark")


def test_another_theme_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match='"auto", "light" or "dark"'):
        to_svg(samples.load("bench"), theme="sepia")  # type: ignore[arg-type]


def test_two_pictures_on_one_page_do_not_share_a_style() -> None:
    one, other = to_svg(samples.load("bench"), theme="light"), to_svg(samples.load("bench"), theme="dark")
    scopes = [parse_svg(svg).get("class") or "" for svg in (one, other)]
    assert scopes[0] != scopes[1]
    for svg, scope in zip((one, other), scopes, strict=True):
        rules = re.findall(r"([^{}]+)\{[^{}]*\}", parse_svg(svg).findtext(f"{SVG}style") or "")
        assert all(part.strip().startswith(f".{scope}") for rule in rules for part in rule.split(","))


def test_the_ground_is_solid_and_covers_all_of_it() -> None:
    root = parse_svg(to_svg(samples.load("bench")))
    ground = root.find(f"{SVG}rect")
    assert ground is not None and ground.get("class") == "ground"
    assert (root.get("viewBox") or "").split()[2:] == [ground.get("width"), ground.get("height")]


def test_cards_say_start_and_endings_in_words() -> None:
    texts = texts_of(to_svg(samples.load("lighthouse")))
    assert texts.count("Start") == 1 and texts.count("Win") == 2 and texts.count("Lose") == 2
    assert "Landing" in texts and "Climb the kelp steps" in texts


def test_a_picture_calls_things_what_players_read_and_by_their_ids_where_asked() -> None:
    events: list[Any] = [
        move("go_on", "the_hall", "the_yard"),
        {"name": "look_up", "kind": "override", "from": ["the_hall"], "detail": "look at the ceiling"},
    ]
    w = world(["the_hall", "the_yard"], events)
    read, spelled = {"The hall", "The yard", "Go on", "Look at the ceiling"}, {*w.states, "go_on", "look_up"}
    assert read <= {*texts_of(to_svg(w))} and not spelled & {*texts_of(to_svg(w))}
    assert spelled <= {*texts_of(to_svg(w, ids=True))} and not read & {*texts_of(to_svg(w, ids=True))}
    assert "S400" in texts_of(to_svg(chain(450))) and "s400" in texts_of(to_svg(chain(450), ids=True))


def test_what_happens_in_place_is_a_chip_and_what_moves_is_an_edge() -> None:
    w = world(
        ["a", "b"],
        [
            move("walk", "a", "b"),
            {"name": "look", "kind": "override", "from": ["a"]},
            {"name": "ask", "kind": "terminal", "from": ["a"], "terminal": {"persona": "x"}},
            move("fall", "a", "nowhere"),
        ],
    )
    svg = to_svg(w, theme="light")
    texts = texts_of(svg)
    assert {"Walk", "Look", "Ask", "Fall"} <= set(texts)
    assert len(re.findall(r'<path class="edge', svg)) == 1
    assert {"happens in place", "console", "leads nowhere"} <= set(texts)


def test_marks_stand_for_locks_time_hiding_and_cutscenes() -> None:
    cutscenes = [{"id": "cut", "video": "v.mp4", "from": "a", "to": "b"}]
    plain = texts_of(to_svg(world(["a", "b"], [move("go", "a", "b")])))
    for fields, word in (
        ({"requires": ["key"]}, "needs a flag"),
        ({"autoAfterMs": 5}, "fires by itself"),
        ({"hidden": True}, "no button"),
        ({"to": "cut"}, "cutscene"),
    ):
        svg = to_svg(world(["a", "b"], [{**move("go", "a", "b"), **fields}], cutscenes=cutscenes))
        assert word in texts_of(svg) and word not in plain
        assert ('"edge dash"' in svg) == bool({"autoAfterMs", "hidden"} & fields.keys())


def test_a_legend_that_is_wider_than_the_picture_goes_on_in_another_row() -> None:
    state = {"base": "A hall.", "variants": [{"label": "night", "base": "A dark hall."}], "ambient": ["A drip."]}
    events = [
        {**move("wait", "hall", "cut"), "requires": ["key"], "autoAfterMs": 5, "hidden": True},
        {"name": "look", "kind": "override", "from": ["hall"]},
        {"name": "ask", "kind": "terminal", "from": ["hall"], "terminal": {"persona": "A guard."}},
        move("leave", "hall", "nowhere"),
    ]
    cutscenes = [{"id": "cut", "video": "v.mp4", "from": "hall", "to": "hall"}]
    root = parse_svg(to_svg(world({"hall": state}, events, cutscenes=cutscenes)))
    words = {"needs a flag", "fires by itself", "no button", "cutscene", "happens in place", "console"}
    words |= {"leads nowhere", "variants", "ambient lines"}
    legend = [text for text in root.iter(f"{SVG}text") if text.text in words]
    _, _, full_width, full_height = map(float, (root.get("viewBox") or "").split())
    assert {text.text for text in legend} == words
    ends = [float(text.get("x") or 0) + width(text.text or "", 12) for text in legend]
    rows = {float(text.get("y") or 0) for text in legend}
    assert max(ends) < full_width and max(rows) < full_height and len(rows) > 1


def test_more_chips_than_fit_are_counted() -> None:
    looks = [{"name": f"look number {at} at the wall", "kind": "override", "from": ["a"]} for at in range(12)]
    texts = texts_of(to_svg(world(["a"], looks)))
    shown_ones = [text for text in texts if text.startswith("Look")]
    assert f"+{12 - len(shown_ones)}" in texts


def test_diagnostics_are_marked_and_told() -> None:
    w = world(["a", "b"], [move("go", "a", "b")])
    diagnostics = [
        make_diagnostic("negation", "error", "says no", "state", "a", "base"),
        make_diagnostic("budget", "warning", "too long", "event", "go"),
    ]
    svg = to_svg(w, diagnostics=diagnostics)
    titles = [title.text or "" for title in parse_svg(svg).iter(f"{SVG}title")]
    assert any("error: says no" in title for title in titles)
    assert 'class="warn-tint"' in svg and 'class="lose-tint"' in svg
    assert 'class="warn-tint"' not in to_svg(w)


def test_highlighting_fades_the_rest() -> None:
    w = world(["a", "b"], [move("go", "a", "b"), move("back", "b", "a")])
    svg = to_svg(w, highlight=["a", "go"])
    assert svg.count('class="faded"') == 3  # b, and the line and the name of back
    assert "faded" in to_svg(w, highlight=[]) and 'class="faded"' not in to_svg(w)
    once: Any = (name for name in ("go", "a"))
    assert to_svg(w, highlight=once) == svg, "names that can be read once alone"


def test_a_layout_is_followed() -> None:
    w = world(["a", "b"], [move("go", "a", "b")])
    assert 'transform="translate(1234 77)"' in to_svg(w, layout={"a": (1234, 77)})
    assert to_svg(w) == to_svg(w, layout=layout(w))


def test_a_width_scales_the_height() -> None:
    natural, scaled = (parse_svg(to_svg(samples.load("lighthouse"), width=width)) for width in (None, 800))
    assert scaled.get("width") == "800" and scaled.get("viewBox") == natural.get("viewBox")
    ratio = [int(root.get("height") or 0) / int(root.get("width") or 1) for root in (natural, scaled)]
    assert abs(ratio[0] - ratio[1]) < 0.01


def test_a_world_without_states_still_has_a_picture() -> None:
    svg = to_svg(world([], name="Nothing yet"))
    assert_safe(svg)
    assert "Nothing yet" in texts_of(svg) and "0 states · 0 events" in texts_of(svg)


@pytest.mark.parametrize(("states", "events"), [(401, 2000), (1500, 9000), (30_000, 40_000)])
def test_large_worlds_have_small_pictures(states: int, events: int, capsys: Any) -> None:
    w = tangle(states, events)
    began = time.perf_counter()
    svg = to_svg(w, diagnostics=[make_diagnostic("x", "error", "m", "state", id) for id in w.states])
    seconds = time.perf_counter() - began
    assert len(svg.encode()) < 1_000_000
    assert_safe(svg)
    with capsys.disabled():
        sys.stdout.write(f"\n  picture of {states:,} states, {events:,} events: {len(svg) // 1000} kB, {seconds:.2f} s")


def test_a_large_picture_shows_titles_and_says_what_it_leaves_out() -> None:
    assert "S400" in texts_of(to_svg(chain(450)))
    texts = texts_of(to_svg(tangle(2000, 40_000)))
    assert "S400" not in texts and any("ways drawn" in text for text in texts)


def test_a_large_picture_of_long_names_is_small_too() -> None:
    ids = [f"{'&' * 40} {at}" for at in range(1500)]
    assert len(to_svg(world(ids, [move(id, id, ids[0]) for id in ids])).encode()) < 1_000_000


def test_a_layout_as_wide_as_any_gives_a_picture() -> None:
    svg = to_svg(world(["a", "b"], [move("go", "a", "b")]), layout={"a": (1e7, -1e7), "b": (0.1, 0.2)})
    assert_safe(svg)
    assert len(svg) < 10_000


@pytest.mark.parametrize(
    "place",
    [(1,), (1, 2, 3), "xy", None, 5, {"x": 1, "y": 2}, (True, 0), (float("nan"), 0), (1e300, 0), (10**400, 0)],
)
def test_a_place_that_is_no_pair_of_numbers_is_refused(place: Any) -> None:
    with pytest.raises(WrongArgument, match=r"layout: expected \(x, y\) by state id"):
        to_svg(world(["a", "b"], [move("go", "a", "b")]), layout={"a": place})


@pytest.mark.parametrize("width", [0, -5, 10**20])
def test_a_width_that_no_picture_has_is_refused(width: int) -> None:
    with pytest.raises(WrongArgument, match="width: expected a whole number of pixels from 1 to"):
        to_svg(world(["a"]), width=width)


def test_the_narrowest_picture_has_a_height() -> None:
    assert parse_svg(to_svg(world(["a"]), width=1)).get("height") == "1"


def test_diagnostics_of_what_happens_in_place_are_marked_on_its_chip() -> None:
    w = world(["a"], [{"name": "look", "kind": "override", "from": ["a"]}])
    svg = to_svg(w, diagnostics=[make_diagnostic("negation", "error", "says no", "event", "look")])
    assert re.search(r'class="lose-tint".*class="s lose b"[^>]*>Look<', svg, re.S)
