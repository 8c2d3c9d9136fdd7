"""Texts with a condition: shown where it is certain to hold, or in copies of a state, else listed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

import worldkit as wk
from tests.growing import MAX_GROWTH, growth
from tests.interop.stories import plays_alike
from worldkit.interop.stories.expressions import Variable
from worldkit.interop.stories.machine import Forward, NodeText, VariableEffect
from worldkit.interop.stories.machine_document import machine_document


def bases(imported: wk.Imported[wk.World]) -> dict[str, str]:
    return {id: state.base for id, state in imported.world.states.items()}


def test_a_text_stands_where_its_flag_is_always_held_and_not_where_it_never_is() -> None:
    imported = wk.import_(
        ":: Start\nA road. (if: $key)[You have the key.]\n[[Take it->Key]]\n"
        ":: Key\n(set: $key to true)Iron.\n[[On->Door]]\n"
        ":: Door\n(if: $key)[The key fits.](else:)[It is locked.]\n(if: $key)[[[In->Hall]]]\n"
        ":: Hall [win]\n(unless: $key)[You broke the door.]You are in. (if: $rope)[You have a rope.]\n"
    )
    assert bases(imported) == {"Start": "A road.", "Key": "Iron.", "Door": "The key fits.", "Hall": "You are in."}
    assert imported.lost == ()
    assert {event.name: (event.grants, event.requires) for event in imported.world.events} == {
        "Take_it": (("key",), None),
        "On": (None, None),
        "In": (None, ("key",)),
    }


STORY = (
    ":: Hall\n(if: $key)[You have the key.](else:)[The hook is empty.]\n[[Search->Key]] (if: $key)[[[Out->End]]]\n"
    ":: Key\n(if: $key)[Nothing more.](else:)[A key!](set: $key to true)[[Back->Hall]]\n"
    ":: End [win]\nYou are out.\n"
)


def test_a_state_is_copied_for_a_text_and_its_flag_stays_a_flag() -> None:
    imported = wk.import_(STORY)
    assert bases(imported) == {
        "Hall": "The hook is empty.",
        "Hall (key)": "You have the key.",
        "Key": "A key!",
        "Key (key)": "Nothing more.",
        "End": "You are out.",
    }
    assert imported.lost == ()
    events = {event.name: event for event in imported.world.events}
    assert (events["Search"].grants, events["Out"].requires) == (("key",), ("key",))


def test_no_state_is_copied_for_a_text_when_there_may_be_no_copies() -> None:
    imported = wk.import_(STORY, max_copies=1)
    assert bases(imported) == {"Hall": "", "Key": "", "End": "You are out."}
    assert len(imported.lost) == 4 and all("a text of a world does not change" in loss.why for loss in imported.lost)


def test_copies_that_nothing_tells_apart_any_more_are_one_state() -> None:
    imported = wk.import_(
        ":: Hall\n(if: visits is 1)[Nobody has been here for years.](else:)[Your footprints.]\n[[Yard]] [[Attic]]\n"
        ":: Yard\nWind.\n[[Hall]]\n:: Attic\nDust.\n[[Hall]]\n"
    )
    assert list(imported.world.states) == ["Hall", "Hall (visits of Hall 2)", "Yard", "Attic"]
    assert imported.lost == ()


def things(count: int) -> str:
    """A hall with things that can be taken in any order, each with a text."""
    hall = "".join(f"(if: $t{n})[You have thing {n}.] [[Take {n}->T{n}]]\n" for n in range(count))
    return f":: Hall\n{hall}[[End]]\n:: End [win]\n" + "".join(
        f":: T{n}\n(set: $t{n} to true)It is thing {n}.\n[[Back->Hall]]\n" for n in range(count)
    )


def test_texts_that_would_need_many_states_are_listed() -> None:
    imported = wk.import_(things(5))
    assert len(imported.world.states) <= 2 * 7
    left_out = [loss for loss in imported.lost if loss.what.startswith("the text")]
    assert 1 <= len(left_out) < 5 and len(left_out) == len(imported.lost)


def test_a_text_to_which_no_way_leads_is_listed_if_it_is_nowhere() -> None:
    story = (
        ":: Start\n(set: $key to true)A road. [[End]]\n:: End [win]\n"
        ":: Attic [win]\n(if: $key)[A chest.](else:)[A locked chest.]\n"
    )
    imported = wk.import_(story)
    assert [loss.what for loss in imported.lost] == ['the text "A locked chest.", shown if not key']
    assert bases(imported)["Attic"] == "A chest."


def test_passages_to_which_no_way_leads_add_one_state_each() -> None:
    linked = (
        ":: Setup [startup]\n(set: $lamp to true)\n"
        ":: Start\n[[Turn it->Lamp]] (unless: $lamp)[[[Hide]]]\n"
        ":: Lamp\n(set: $lamp to not $lamp)[[Start]]\n:: Hide [win]\nDark.\n"
    )
    unlinked = ":: Credits\n(set: $lamp to 50)Thanks. [[Again->Start]] [[More]]\n:: More\n[[Start]] [[Credits]]\n"
    states = wk.import_(linked).world.states
    with_drafts = wk.import_(linked + unlinked).world
    assert len(states) > 3 and set(with_drafts.states) == {*states, "Credits", "More"}
    assert set(wk.explore(with_drafts).unreachable_states) == {"Credits", "More"}


def test_a_text_stays_as_it_was_shown_before_play_went_on() -> None:
    key = Variable("key")
    nodes = (
        wk.MachineNode("a", (NodeText("A "),)),
        wk.MachineNode("b", (NodeText("B "), NodeText("key-at-b", key)), forwards=(Forward("c", text="kept"),)),
        wk.MachineNode("c", (NodeText("C "), NodeText("key-at-c", key)), (VariableEffect("key"),)),
    )
    machine = wk.Machine("m", "a", nodes, (wk.MachineTransition("a", "b", "go"),), {"key": False})
    document, _, losses = machine_document(machine, 1)
    base = document["scene"]["states"]["b"]["base"]
    assert base == "B C key-at-c"
    assert losses == []
    plays_alike(machine, wk.load(document))


GROWING: dict[str, Callable[[int], str]] = {
    "things": things,
    "unlocked one by one": lambda count: "".join(
        f":: A{n}\n(set: $k{n} to true)(if: $k{n * 7 % count})[Word.](if: $k{n - 1})[[[A{n + 1}]]][[A0]]\n"
        for n in range(count)
    ),
    "a ring": lambda count: "".join(
        f":: A{n}\n(if: $k{n * 7 % count})[Word.](else:)[Other.](set: $k{n} to true)[[A{(n + 1) % count}]]\n"
        for n in range(count)
    ),
    "visits": lambda count: "".join(
        f":: A{n}\n(if: visits > 1)[Word.](else:)[Other.][[A{n * 7 % count}]] [[A{n + 1}]]\n" for n in range(count)
    ),
}


START_COUNTS = {"unlocked one by one": 60}
"""Where growth shows only in more than fifteen: below, copies are still few."""


@pytest.mark.parametrize("kind", GROWING)
def test_the_time_grows_with_the_texts(kind: str) -> None:
    assert growth(lambda count: partial(wk.import_, GROWING[kind](count)), START_COUNTS.get(kind, 15)) <= MAX_GROWTH


@pytest.mark.parametrize(
    ("form", "story", "hall"),
    [
        ("Harlowe", ':: Start\n(set: $name to "Ines")$name. [[Hall]]', "Ines. (Ines)"),
        ("Harlowe", ':: Setup [startup]\n(set: $name to "Ines")\n:: Start\n$name. [[Hall]]', "Ines. (Ines)"),
        ("SugarCube", ":: StoryInit\n<<set $name to 7>>\n:: Start\n$name. [[Hall]]", "7. (7)"),
        ("Harlowe", ':: Start\n(set: $name to "Ines")[[Hall]] (link: "Mo")[(set: $name to "Mo")]', "$name. ($name)"),
        ("Harlowe", ':: Start\n(if: visits > 1)[(set: $name to "Ines")][[Hall]] [[Start]]', "$name. ($name)"),
        ("Harlowe", ":: Start\n[[Hall]]", "$name. ($name)"),
        ("Chapbook", ":: Start\nname: 'Ines'\n--\n[[Hall]]", "Ines. (Ines)"),
        (
            "Chapbook",
            ":: Start\nname: 'Ines'\n--\n[[Hall]] [[Inn]]\n:: Inn\nname: 'Mo'\n--\n[[Hall]]",
            "{name}. ({name})",
        ),
    ],
)
def test_a_text_shows_the_value_of_a_variable_that_never_changes(form: str, story: str, hall: str) -> None:
    name, show = {
        "Harlowe": ("$name", "(print: $name)"),
        "SugarCube": ("$name", "<<= $name>>"),
        "Chapbook": ("{name}", "{name}"),
    }[form]
    data = f':: StoryData\n{{"ifid": "A", "format": "{form}"}}\n'
    imported = wk.import_(f"{data}{story}\n:: Hall [win]\n{name}. ({show})")
    assert bases(imported)["Hall"] == hall
    what = f"the value of {name.strip('{}')} in the text"
    is_lost = any(loss.what == what and "Hall" in loss.where for loss in imported.lost)
    assert is_lost == (name in hall)
    assert all(loss.what != "the value of name" for loss in imported.lost)


def test_braces_that_collapse_blanks_are_no_text_of_harlowe_but_where_it_is_shown_as_it_stands() -> None:
    imported = wk.import_(":: Start\n{\n(set: $key to true)\n}A road. `{a}` {=(if: $key)[[[Hall]]]\n:: Hall [win]\nIn.")
    assert bases(imported) == {"Start": "A road. {a}", "Hall": "In."}
    assert imported.lost == ()


def test_a_text_above_the_assignment_does_not_show_the_value() -> None:
    imported = wk.import_(':: Start\nWho? $name. (set: $name to "Ines")[[Hall]]\n:: Hall [win]\n$name.')
    assert bases(imported) == {"Start": "Who? $name.", "Hall": "Ines."}


def test_a_value_that_one_of_the_passages_around_does_not_show_is_listed() -> None:
    imported = wk.import_(
        ":: Start\n(display: 'Card')(set: $name to 'Ines')[[Hall]]\n"
        ":: Hall [win]\n(display: 'Card')\n:: Card\nI am $name."
    )
    assert bases(imported) == {"Start": "I am $name.", "Hall": "I am Ines."}
    assert [loss.what for loss in imported.lost] == ["the value of $name in the text"]


SHOWN = [
    ("Harlowe", '(display: "Oars")', "Knock. (set: $wet to true)"),
    ("SugarCube", '<<include "Oars">>', "Knock. <<set $wet to true>>"),
    ("SugarCube", "<<include [[Oars]]>>", "Knock. <<set $wet to true>>"),
    ("Chapbook", "{embed passage: 'Oars'}", "wet: true\n--\nKnock."),
]


@pytest.mark.parametrize(("form", "show", "oars"), SHOWN)
def test_a_passage_that_is_shown_inside_of_another_is_a_part_of_it(form: str, show: str, oars: str) -> None:
    guarded = {
        "Harlowe": "(if: $wet)[[[Dry->End]]]",
        "SugarCube": "<<if $wet>>[[Dry->End]]<</if>>",
        "Chapbook": "[if wet]\n[[Dry->End]]",
    }[form]
    data = f':: StoryData\n{{"ifid": "A", "format": "{form}"}}\n'
    passages = f":: Boat\nThe oars. {show} [[Row->Shore]]\n:: Oars\n{oars}\n:: Shore\n[[Boat]]\n{guarded}\n"
    imported = wk.import_(f"{data}:: Start\n[[Shore]]\n{passages}:: End [win]\nHome.")
    assert imported.lost == () and set(imported.world.states) == {"Start", "Boat", "Shore", "End"}
    assert bases(imported)["Boat"] == "The oars. Knock."
    assert [event.requires for event in imported.world.events if event.name == "Dry"] == [("wet",)]


def test_links_of_a_passage_shown_inside_lead_on_from_the_passage_around_it() -> None:
    story = ':: Start\n(display: "Menu")(display: "Nowhere")\n:: Menu\n[[End]] [[Menu]]\n:: End [win]\nHome.'
    imported = wk.import_(story)
    assert {event.name: event.from_ for event in imported.world.events} == {
        "End": ("Start", "Menu"),
        "Menu": ("Start", "Menu"),
    }
    assert [loss.what for loss in imported.lost] == ['(display: "Nowhere")']


def test_a_passage_stays_a_state_if_one_that_is_shown_inside_too_leads_to_it() -> None:
    """``A`` and ``B`` show each other, so the link of ``B`` leads on from ``A``, which a link leads to."""
    circle = ":: Start\n[[A]]\n:: A\n(display: 'B')\n:: B\n[[Quay]] (display: 'A')\n"
    imported = wk.import_(f"{circle}:: Sign\n(display: 'Quay') [[Start]]\n:: Quay [win]\nThe quay.")
    assert {event.name: event.from_ for event in imported.world.events} == {
        "A": ("Start",),
        "Quay": ("A",),
        "Start": ("Sign",),
    }


def test_passages_that_show_each_other_are_read_once_inside_and_listed() -> None:
    circle = ":: Start\nA (display: 'B') [[End]]\n:: B\nB (display: 'Start')\n:: End [win]\nHome."
    imported = wk.import_(circle)
    assert bases(imported)["Start"] == "A B"
    assert "(display: 'Start')" in [loss.what for loss in imported.lost]
    # each passage shows the next one twice: what is shown grows with its square, and is bounded
    doubled = "".join(f":: P{n}\n(display: 'P{n + 1}')(display: 'P{n + 1}')text\n" for n in range(40))
    assert wk.import_(f":: Start\n(display: 'P0')[[End]]\n{doubled}:: P40\nend\n:: End [win]\nHome.").lost
