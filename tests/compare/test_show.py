"""A diff can be read, in a terminal and in a notebook, and no text in it does anything but be read."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from tests.compare.worlds import BASE, GATE, LANE, go, world
from worldkit import diff

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
        f'    base: "{LANE["base"][:70]}… → "A lane."',
        "− event walk",
    ]


def test_additions_renames_and_moves_each_have_their_mark() -> None:
    events = [go("one", "lane", "lane"), go("two", "gate", "lane"), go("three", "gate", "gate")]
    a = world({"lane": LANE, "gate": GATE}, events)
    b = world({"road": LANE, "gate": GATE, "pond": {"base": "Ice."}}, [
        events[2], go("one", "road", "road"), go("two", "gate", "road")
    ])  # fmt: skip
    assert repr(diff(a, b)).splitlines()[1:] == ["→ state lane → road", "+ state pond", "↕ event three"]


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
    assert re.search(r"under <del [^>]*>low</del><ins [^>]*>high</ins> cloud", page)


def test_a_very_long_diff_is_cut_and_says_so() -> None:
    a, b = world({}, []), world({f"s{at}": {"base": "Rain."} for at in range(500)}, [])
    difference = diff(a, b)
    assert "and 300 more in .states and .events" in repr(difference) and "and 300 more" in difference._repr_html_()
    assert len(difference.states.added) == 500


def test_a_change_late_in_a_long_text_is_seen() -> None:
    after = BASE.apply([{"op": "update_state", "id": "lane", "patch": {"base": LANE["base"].replace("lamp", "fire")}}])
    assert "a fire burns" in repr(diff(BASE, after)) and "a lamp burns" in repr(diff(BASE, after))
