"""A diff can be read, in a terminal and in a notebook, and no text in it does anything but be read."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from html.parser import HTMLParser
from typing import Any

import pytest

from tests.compare.worlds import BASE, GATE, LANE, go, world
from worldkit import World, diff, samples

TAGS = {"div", "p", "strong", "span", "code", "del", "ins", "br"}


class Reader(HTMLParser):
    """Collects the tags and attributes of a page, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    return reader


def test_the_text_of_a_diff_can_be_read() -> None:
    after = BASE.apply(
        [
            {"op": "set_field", "state": "lane", "field": "base", "value": "A lane."},
            {"op": "delete_event", "name": "walk"},
        ]
    )
    assert repr(diff(BASE, after)).splitlines() == [
        "2 differences, 2 operations",
        "~ state lane",
        "    base",
        f"      − {LANE['base']}",
        "      + A lane.",
        "− event walk",
    ]


def test_of_a_long_list_the_items_that_changed_are_shown() -> None:
    before = samples.load("circus")
    missions = before.to_dict()["missions"]
    errand = {"id": "errand", "title": "An errand", "objectives": [{"id": "freight_list", "text": "Fetch the list"}]}
    after = before.apply([{"op": "put_world", "set": {"missions": [*missions, errand]}}])
    more, less = (repr(diff(*sides)).splitlines()[1:] for sides in ((before, after), (after, before)))
    assert [line.strip()[:2] for line in more] == ["~ ", "mi", "+ "] and [line.strip()[:2] for line in less][2:] == [
        "− "
    ]
    assert all('[{"id": "errand"' in lines[-1] and "main" not in lines[-1] for lines in (more, less))
    turned = before.apply([{"op": "put_world", "set": {"missions": [missions[1], missions[0], errand]}}])
    assert "errand" in repr(diff(before, turned)) and "main" not in repr(diff(before, turned))


def test_additions_renames_and_moves_each_have_their_mark() -> None:
    events = [go("one", "lane", "lane"), go("two", "gate", "lane"), go("three", "gate", "gate")]
    a = world({"lane": LANE, "gate": GATE}, events)
    b = world({"road": LANE, "gate": GATE, "pond": {"base": "Ice."}}, [
        events[2], go("one", "road", "road"), go("two", "gate", "road")
    ])  # fmt: skip
    assert repr(diff(a, b)).splitlines()[1:] == [
        "→ state lane → road",
        "+ state pond",
        "    base: Ice.",
        "↕ event three",
    ]


def test_no_difference_is_said_in_words() -> None:
    assert repr(diff(BASE, BASE)) == "no difference"
    assert "no difference" in diff(BASE, BASE)._repr_html_()


def test_hostile_text_is_only_text() -> None:
    nasty = "<img src=x onerror=alert(1)>\x1b[31m\u202e\nnext'\"&"
    a = world({"lane": {"base": "A quiet lane in the rain.", "x": nasty}}, [])
    b = world(
        {"lane": {"base": f"A quiet lane in the {nasty}.", "x": {nasty: nasty}}, nasty: {"base": nasty}},
        [go(nasty, "lane", nasty)],
        **{nasty: nasty},
    )
    for difference in (diff(a, b), diff(b, a)):
        page = read(difference._repr_html_())
        assert page.tags <= TAGS and page.attributes <= {"style"}
        assert "\x1b" not in repr(difference) + page.text and "\u202e" not in repr(difference) + page.text
        assert "<img src=x onerror=alert(1)>" in page.text
        assert len(repr(difference).splitlines()) == 1 + len(re.findall(r"^[^ ]|^    ", repr(difference), re.M)) - 1


def test_words_that_changed_are_marked_within_the_text() -> None:
    after = BASE.apply([{"op": "update_state", "id": "lane", "patch": {"base": LANE["base"].replace("low", "high")}}])
    page = diff(BASE, after)._repr_html_()
    assert re.search(r"under <del [^>]*>low</del> <ins [^>]*>high</ins> cloud", page)
    assert "under low high cloud" in read(page).text, "who copies or hears it can tell the two words apart"


def test_a_very_long_diff_is_cut_and_says_so() -> None:
    a, b = world({}, []), world({f"s{at}": {"base": "Rain."} for at in range(500)}, [])
    difference = diff(a, b)
    assert "and 300 more in .states and .events" in str(difference) and "and 300 more" in difference._repr_html_()
    assert len(difference.states.added) == 500


def test_a_change_late_in_a_very_long_text_is_seen() -> None:
    sentences = [f"Lamp {number} burns behind the wall." for number in range(300)]
    a, b = (world({"lane": {"base": " ".join([*sentences, end])}}, []) for end in ("It is low.", "A fire burns."))
    assert repr(diff(a, b)).splitlines()[2:] == ['    base: "… It is low." → "… A fire burns."']
    assert "A fire burns." in diff(a, b)._repr_html_() and "Lamp 7 " not in diff(a, b)._repr_html_()


def test_a_change_late_in_a_long_text_is_seen() -> None:
    after = BASE.apply([{"op": "update_state", "id": "lane", "patch": {"base": LANE["base"].replace("lamp", "fire")}}])
    assert "a fire burns" in repr(diff(BASE, after)) and "a lamp burns" in repr(diff(BASE, after))


@pytest.mark.parametrize(
    ("same", "rest"),
    [("word " * 1_200, ""), ("word " * 5_000, ""), ("Lamp 1 burns. Lamp 2 burns. " * 2_000, " Lamp 3 burns." * 2_000)],
)
def test_a_change_late_in_a_text_too_long_to_be_shown_whole_is_seen(same: str, rest: str) -> None:
    a, b = (world({"lane": {"base": f"{same}{end}{rest}"}}, []) for end in ("it is low.", "a fire burns."))
    for shown in (repr(diff(a, b)), read(diff(a, b)._repr_html_()).text):
        assert "it is low." in shown and "a fire burns." in shown
        assert len(shown) < 1_000


def test_of_texts_that_differ_everywhere_the_beginning_is_seen() -> None:
    a, b = (world({"lane": {"base": f"It is dark. {word} burns. " * 5_000}}, []) for word in ("A lamp", "A fire"))
    started = time.monotonic()
    assert "A lamp burns." in repr(diff(a, b)) and "A fire burns." in repr(diff(a, b))
    assert time.monotonic() - started < 5


MUSEUM = {"subject": "A guard in a grey coat, seen from behind.", "styleTail": "Even light lies over the museum."}
HALL, ROOM = "A hall of plaster casts is closed for the night.", "A small room holds one lamp and a stool."


def museum(hall: str, room: str, events: Sequence[dict[str, Any]] = (), **fields: Any) -> World:
    """Return a world whose bases hold its subject and its style tail."""
    layers = {**MUSEUM, **fields}
    bases = {id: f"{layers['subject']} {own} {layers['styleTail']}" for id, own in (("hall", hall), ("room", room))}
    return world({id: {"base": base} for id, base in bases.items()}, [*events], **layers)


def test_a_new_sentence_is_read_whole_and_what_stands_in_every_base_is_left_out() -> None:
    new = "On the stool a grey parrot shifts from foot to foot, one orange eye on the lamp that burns beside it."
    difference = diff(museum(HALL, ROOM), museum(HALL, f"{ROOM} {new}"))
    assert repr(difference).splitlines()[1:] == ["~ state room", "    base", f"      + … {new}"]
    page = read(difference._repr_html_())
    assert new in page.text and "…" in page.text
    assert MUSEUM["subject"] not in page.text + repr(difference) and ROOM not in page.text + repr(difference)


def test_bases_in_which_only_the_style_tail_changed_are_one_line() -> None:
    tail = "Long shadows lie over the museum."
    before, after = museum(HALL, ROOM), museum(HALL, ROOM, styleTail=tail)
    assert repr(diff(before, after)).splitlines()[1:] == [
        "~ world",
        f'    styleTail: "{MUSEUM["styleTail"]}" → "{tail}"',
        "~ states hall, room",
        "    base: only the style tail in it changed",
    ]
    assert "only the style tail in it changed" in diff(before, after)._repr_html_()
    assert len(diff(before, after)) == 3 and len(diff(before, after).states.changed["hall"]) == 1


def test_every_text_that_changed_in_some_base_of_a_state_is_named() -> None:
    sides = []
    for subject, tail in (("A guard.", MUSEUM["styleTail"]), ("A thief.", "Long shadows lie over the museum.")):
        bases = f"{subject} {HALL}", f"{HALL} {tail}"  # one of them holds the subject, the other one the style tail
        variants = [{"label": "B", "base": bases[1]}]
        state = {"base": bases[0], "variants": variants}
        sides.append(world({"hall": state}, [], subject=subject, styleTail=tail))
    assert "    base: only the subject and the style tail in it changed" in repr(diff(*sides)).splitlines()


def test_a_base_that_lost_the_style_tail_says_so() -> None:
    before = museum(HALL, ROOM)
    base = f"{MUSEUM['subject']} {HALL}"
    after = before.apply([{"op": "set_field", "state": "hall", "field": "base", "value": base}])
    assert repr(diff(before, after)).splitlines()[1:] == [
        "~ state hall",
        "    base",
        f"      − … {MUSEUM['styleTail']}",
    ]


def test_what_is_new_is_told_with_its_label_its_text_and_its_narration() -> None:
    talk = go("ask", "room", "hall", detail="Ask the parrot", base="It leans in.", narration="North.", grants=["north"])
    changed = museum(HALL, ROOM, [talk])
    after = changed.apply([{"op": "add_state", "id": "yard", "state": {"base": f"A yard. {MUSEUM['styleTail']}"}}])
    assert repr(diff(museum(HALL, ROOM), after)).splitlines()[1:] == [
        "+ state yard",
        "    base: A yard.",
        "+ event ask",
        "    from: room",
        "    to: hall",
        "    detail: Ask the parrot",
        "    base: It leans in.",
        "    narration: North.",
        "    grants: north",
    ]
    page = read(diff(museum(HALL, ROOM), after)._repr_html_())
    assert all(text in page.text for text in ("Ask the parrot", "It leans in.", "North.", "A yard."))


def test_a_rewritten_sentence_is_marked_as_a_whole() -> None:
    old, new = "Two chefs plate side by side in the hall.", "In the chair of honour sits the watchman."
    page = diff(museum(old, ROOM), museum(new, ROOM))._repr_html_()
    assert re.search(rf"<del [^>]*>{old}</del><br><ins [^>]*>{new}</ins>", page)


COAT = "She wears a grey coat and carries a lamp."


@pytest.mark.parametrize(
    "bases",
    [
        (f"{COAT} A lane.", f"A lane. {COAT}"),
        (f"{COAT} A lane. {COAT}", f"A lane. {COAT}"),
        (f"{COAT}\nA lane.", f"{COAT} A lane."),
    ],
)
def test_a_subject_that_stands_elsewhere_in_a_base_is_a_change_that_is_seen(bases: tuple[str, str]) -> None:
    a, b = (world({"lane": {"base": base}}, [], subject=COAT) for base in bases)
    lines = repr(diff(a, b)).splitlines()
    assert lines[:2] == ["1 difference, 1 operation", "~ state lane"]
    assert COAT in "".join(lines[2:]) and read(diff(a, b)._repr_html_()).tags & {"del", "ins"}


FROST = "A long lane climbs between dry-stone walls furred with frost. The gate stands open. Nobody is here."


@pytest.mark.parametrize("after", [FROST.replace(". The", ".  The"), FROST.replace(". The", ".\n\nThe"), f"{FROST} "])
def test_a_change_of_white_space_shows_both_texts(after: str) -> None:
    a, b = world({"lane": {"base": FROST}}, []), world({"lane": {"base": after}}, [])
    escaped = after.replace("\n", "\\n")
    assert repr(diff(a, b)).splitlines()[2:] == ["    base", f"      − {FROST}", f"      + {escaped}"]
    assert repr(diff(b, a)).splitlines()[2:] == ["    base", f"      − {escaped}", f"      + {FROST}"]
    assert read(diff(a, b)._repr_html_()).tags & {"del", "ins"}


def test_a_text_that_is_an_ellipsis_is_a_text() -> None:
    a, b = world({"lane": {"base": "…"}}, []), world({"lane": {"base": FROST}}, [])
    assert repr(diff(a, b)).splitlines()[2:] == ["    base", "      − …", f"      + {FROST}"]
    assert repr(diff(a, world({"lane": {"base": "A."}}, []))).splitlines()[2:] == ['    base: "…" → "A."']


def test_of_many_states_in_one_line_the_first_are_named_and_the_others_counted() -> None:
    a, b = (world({f"s{at}": {"base": f"Rain. {tail}"} for at in range(25)}, [], styleTail=tail)
            for tail in ("Even light.", "Long shadows."))  # fmt: skip
    line = next(line for line in repr(diff(a, b)).splitlines() if line.startswith("~ states"))
    assert line.startswith("~ states s0, s1, ") and line.endswith(", s19 and 5 more")
    page = read(diff(a, b)._repr_html_()).text
    assert "s19 and 5 more" in page and "s20" not in page
    assert len(diff(a, b).states.changed) == 25


def test_a_new_state_that_says_nothing_of_its_own_shows_its_whole_base() -> None:
    a, b = world({}, [], subject=COAT), world({"lane": {"base": COAT}}, [], subject=COAT)
    assert repr(diff(a, b)).splitlines()[1:] == ["+ state lane", f"    base: {COAT}"]
