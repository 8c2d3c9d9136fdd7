"""Words of a later version are any text: every display shows them, and no display is broken by them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import worldkit as wk
from tests.export.worlds import move

MARKUP_TEXT = 'x"><tspan/></text><script>alert(1)</script><text class="y'
WORDS = (
    MARKUP_TEXT,
    "y' onload='alert(1)",
    "</script></style><script>alert(1)</script><!--",
    "draw\n  s0 --> s1\n  click s0 call alert(1)",
    "a\x00\x1b[31m\u202eb",
    "constructor",
    "win lose",
    "",
)
SIZES = (2, 110, 1600)
"""Maps with whole cards, with titles only, and with dots."""


def later_document(word: str, size: int = 2) -> dict[str, Any]:
    """A world in which each word of a closed list is another text."""
    drive = {"movement": word, "lookHorizontal": word, "lookVertical": word}
    states: dict[str, Any] = {f"s{at}": {"base": f"Hall {at}."} for at in range(size)}
    states["s0"]["autopilot"] = drive
    states["end"] = {"base": "A garden.", "ending": {"kind": word, "title": "The garden"}}
    events = [move(f"go{at}", f"s{at}", f"s{at + 1}" if at + 1 < size else "end") for at in range(size)]
    events[0]["drive"] = drive
    events[0]["phases"] = [{"base": "Walking.", "drive": drive}]
    events.append({"name": "odd", "kind": word, "from": ["s0"]})
    return {
        "schemaVersion": "1.9",
        "id": "later",
        "name": "Later",
        "entrance": {"state": "s0"},
        "scene": {"states": states, "events": events},
        "sequences": [{"id": "q", "title": "Q", "beats": [{"state": "s0", "dwell": word}, {"state": "s1"}]}],
        "missions": [
            {
                "id": "m",
                "title": "M",
                "objectives": [{"id": "o", "text": "O", "phases": [{"base": "P", "drive": drive}]}],
            }
        ],
    }


def html_displays(world: wk.World) -> dict[str, Callable[[], str]]:
    changed = world.apply([{"op": "set_field", "state": "s1", "field": "base", "value": "Another hall."}])
    exploration = wk.explore(world)
    session = wk.Session(world)
    session.fire("odd")
    return {
        "explore": exploration.to_html,
        "explore in a cell": exploration._repr_html_,
        "compare": wk.compare(world, changed).to_html,
        "quality": wk.quality(world).to_html,
        "lint": world.lint()._repr_html_,
        "diff": wk.diff(world, changed)._repr_html_,
        "deep diff": wk.diff(world, changed, deep=True)._repr_html_,
        "merge": wk.merge(world, changed, world)._repr_html_,
        "play": world.to_html,
        "playtest": wk.playtest(world, runs=5)._repr_html_,
        "pacing": wk.pacing(world)._repr_html_,
        "odds": wk.odds(world)._repr_html_,
        "properties": wk.check(world, ["always possible: ending"])._repr_html_,
        "gate": world.verify()._repr_html_,
        "session": session._repr_html_,
        "session at an ending": wk.Session(world.apply([{"op": "set_entrance", "state": "end"}]))._repr_html_,
        "trace": session.trace._repr_html_,
        "storyboard": lambda: world.storyboard()._repr_mimebundle_()["text/html"],
    }


def cell_displays(world: wk.World) -> dict[str, Callable[[], Any]]:
    return {
        "world": world._repr_mimebundle_,
        "explore": wk.explore(world)._repr_mimebundle_,
        "edit": wk.edit(world)._repr_mimebundle_,
        "player": wk.play(world)._repr_mimebundle_,
        "compare": wk.compare(world, world)._repr_mimebundle_,
    }


def text_displays(world: wk.World) -> dict[str, Callable[[], str]]:
    exploration = wk.explore(world)
    return {
        "explore": lambda: f"{exploration}\n{exploration.text(color=False)}",
        "lint": lambda: str(world.lint()),
        "playtest": lambda: str(wk.playtest(world, runs=5)),
        "pacing": lambda: repr(wk.pacing(world)),
        "odds": lambda: str(wk.odds(world)),
        "diff": lambda: str(wk.diff(world, world)),
        "session": lambda: str(wk.Session(world)),
        "session at an ending": lambda: str(wk.Session(world.apply([{"op": "set_entrance", "state": "end"}]))),
        "world": lambda: repr(world),
    }


class Structure(HTMLParser):
    """The elements of a page, with the names of their attributes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, ...]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, *sorted(name for name, _ in attrs)))

    def handle_endtag(self, tag: str) -> None:
        self.elements.append((f"/{tag}",))


def structure(page: str) -> list[tuple[str, ...]]:
    parser = Structure()
    parser.feed(page)
    parser.close()
    return parser.elements


def svg_structure(svg: str) -> list[tuple[str, ...]]:
    tree = ElementTree.fromstring(svg.encode())
    return [(element.tag, *sorted(element.attrib)) for element in tree.iter()]


def texts_in(bundle: Any) -> Iterator[tuple[str, str]]:
    for part in bundle if isinstance(bundle, tuple) else (bundle,):
        yield from ((name, text) for name, text in part.items() if isinstance(text, str))


@pytest.fixture(params=WORDS, ids=range(len(WORDS)))
def word(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_every_page_has_the_elements_that_it_has_with_a_harmless_word(word: str) -> None:
    pages = html_displays(wk.World.from_dict(later_document(word)))
    for name, harmless in html_displays(wk.World.from_dict(later_document("draw"))).items():
        page = pages[name]()
        assert structure(page) == structure(harmless()), name
        assert not {"\x00", "\x1b", "\u202e"} & set(page), name


def test_every_cell_can_be_displayed(word: str) -> None:
    cells = cell_displays(wk.World.from_dict(later_document(word)))
    for name, harmless in cell_displays(wk.World.from_dict(later_document("draw"))).items():
        expected_texts = dict(texts_in(harmless()))
        bundle = cells[name]()
        json.dumps(bundle, default=str)
        for media_type, text in texts_in(bundle):
            if media_type in ("text/html", "image/svg+xml"):
                assert structure(text) == structure(expected_texts[media_type]), (name, media_type)


def test_no_text_for_a_terminal_steers_it(word: str) -> None:
    for name, display in text_displays(wk.World.from_dict(later_document(word))).items():
        assert not {"\x00", "\x1b", "\u202e"} & set(display()), name


@pytest.mark.parametrize("size", SIZES)
def test_a_picture_of_the_map_is_xml_without_scripts(size: int, word: str) -> None:
    world = wk.World.from_dict(later_document(word, size))
    harmless = wk.World.from_dict(later_document("draw", size))
    assert svg_structure(world.to_svg()) == svg_structure(harmless.to_svg())
    if size == SIZES[0]:
        assert svg_structure(world.to_svg(pictures=True)) == svg_structure(harmless.to_svg(pictures=True))


def test_mermaid_text_gets_no_line_of_its_own(word: str) -> None:
    text, harmless = (wk.World.from_dict(later_document(kind)).to_mermaid() for kind in (word, "draw"))
    assert len(text.splitlines()) == len(harmless.splitlines())
    assert "<script" not in text
    assert text.count(":::other") == 1


def test_reports_for_machines_can_be_written(word: str) -> None:
    exploration = wk.explore(wk.World.from_dict(later_document(word)))
    ElementTree.fromstring(exploration.to_junit().encode())
    json.dumps(exploration.to_sarif())


STEERING = "a\x00\x1b[31m\u202eb"


def test_names_that_would_steer_a_terminal_are_escaped_in_pages(tmp_path: Path) -> None:
    document = later_document("win") | {"name": STEERING, "description": STEERING, "id": STEERING}
    document["scene"]["states"][STEERING] = {"base": f"{STEERING} hall, {STEERING}. The exit is open."}
    document["scene"]["states"]["end"]["ending"]["title"] = STEERING
    document["scene"]["events"].append(move(STEERING, "s0", STEERING, base=STEERING, requires=[STEERING]))
    world = wk.World.from_dict(document)
    pages = {name: display() for name, display in html_displays(world).items()}
    pages["saved storyboard"] = world.storyboard().save(tmp_path / "board.html").read_text()
    assert [name for name, page in pages.items() if {"\x00", "\x1b", "\u202e"} & set(page)] == []


def test_an_ending_that_is_neither_won_nor_lost_says_its_word() -> None:
    world = wk.World.from_dict(later_document("draw"))
    svg = world.to_svg()
    assert ">draw</text>" in svg
    assert ">Lose</text>" not in svg
    assert ">DRAW</span>" in wk.explore(world).to_html()


def test_worlds_of_two_versions_are_compared_on_one_map() -> None:
    later = wk.World.from_dict(later_document("draw"))
    older = wk.World.from_dict({"scene": {"states": {"s0": {"base": "A hall."}}, "events": []}})
    for before, after in ((later, older), (older, later)):
        assert wk.compare(before, after).to_html()


def test_a_run_that_ends_in_a_word_of_a_later_version_is_saved_and_checked(tmp_path: Path) -> None:
    world = wk.World.from_dict(later_document("draw"))
    session = wk.Session(world)
    for event in wk.explore(world).route_to("end").events:
        session.fire(event)
    path = wk.save_run(session, tmp_path / "a.run.json")
    assert json.loads(path.read_text(encoding="utf-8"))["expect"]["ended"] == {"kind": "draw", "title": "The garden"}
    assert wk.check_runs(world, path).passed


@pytest.mark.parametrize("instruction", ['set the title of end to "Bye"', 'set the subtitle of end to "Bye"'])
def test_the_texts_of_an_ending_of_a_later_version_are_revised(instruction: str) -> None:
    document = later_document("draw")
    document["scene"]["states"]["end"]["ending"]["more"] = 1
    revised = wk.revise(wk.World.from_dict(document), instruction, model="templates").world
    field = instruction.split()[2]
    before = document["scene"]["states"]["end"]["ending"]
    assert revised.to_dict()["scene"]["states"]["end"]["ending"] == {**before, field: "Bye"}


def test_a_mood_of_everything_keeps_an_ending_of_a_later_version() -> None:
    world = wk.World.from_dict(later_document("draw"))
    ending = wk.revise(world, "make everything gloomier", model="templates").world.to_dict()["scene"]["states"]["end"]
    assert (ending["ending"]["kind"], ending["ending"]["title"]) == ("draw", "The garden")
    assert ending["ending"]["subtitle"]
