"""Twine stories: Twee 3 and published pages; what their code says, and what of it a world cannot hold."""

from __future__ import annotations

import html
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import worldkit as wk
from tests.growing import MAX_GROWTH, growth
from tests.interop.stories import FORMATS
from worldkit.cli import main
from worldkit.interop.stories.arrivals import Arrivals


def twee(*passages: str, form: str = "Harlowe") -> str:
    return f':: StoryData\n{{"format": "{form}"}}\n\n' + "\n\n".join(passages)


def lost(imported: wk.Imported) -> list[str]:
    return [str(loss) for loss in imported.lost]


def test_a_header_has_a_name_tags_and_metadata() -> None:
    source = ':: A \\[b\\] c [dark win] {"position":"600,400"}\nText.\n\n:: Start\n[[A \\[b\\] c]]\n'
    imported = wk.import_(source)
    assert list(imported.world.states) == ["A [b] c", "Start"]
    assert imported.world.states["A [b] c"].ending.kind == "win"
    assert imported.world.to_dict()["scene"]["states"]["A [b] c"]["tags"] == ["dark", "win"]
    assert imported.world.start == "Start"


def test_passages_stand_where_they_stood_on_the_map(tmp_path: Path) -> None:
    story = (
        ':: Start {"position":"100,50"}\n(if: not $key)[[[Take it->Key]]](else:)[[[In->Hall]]]\n\n'
        ':: Key [bright] {"position":"225.5,-50","size":"100,100"}\n(set: $key to true)[[Start]]\n\n'
        ':: Hall [win] {"position":"far away"}\n'
    )
    imported = wk.import_(story)
    assert list(imported.world.states) == ["Start", "Start (key)", "Key", "Hall"]
    assert imported.layout == {"Start": (300, 100), "Key": (676.5, -100)}
    path = tmp_path / "story.world.json"
    wk.edit(imported.world, layout=imported.layout).save_as(path)
    assert wk.edit(path).layout["Key"] == (676.5, -100)
    source, target = tmp_path / "story.twee", tmp_path / "other.world.json"
    source.write_text(story)
    main(["import", str(source), "-o", str(target)])
    assert {id: wk.edit(target).layout[id] for id in imported.layout} == imported.layout


def test_a_hub_of_hundreds_of_links_that_close_behind_one_is_played_a_few_times(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def arrival_count(links: int) -> int:
        closing = [f"<<if not $done{n}>>[[Ask {n}|Answer {n}]]<</if>>" for n in range(links)]
        answers = [f":: Answer {n}\n<<set $done{n} to true>>[[Back|Hub]]" for n in range(links)]
        initial = [f"<<set $done{n} to false>>" for n in range(links)]
        hub = [":: StoryInit\n" + "".join(initial), ":: Hub\n" + "".join(closing) + "[[Leave|End]]", ":: End [win]\n"]
        arrived_ids: list[str] = []
        arrive = Arrivals.arrive

        def count(arrivals: Arrivals, id: str, *rest: Any, **options: Any) -> Any:
            arrived_ids.append(id)
            return arrive(arrivals, id, *rest, **options)

        with monkeypatch.context() as patch:
            patch.setattr(Arrivals, "arrive", count)
            imported = wk.import_(twee(*hub, *answers, form="SugarCube"))
        assert any("would need more than 16 copies" in loss for loss in lost(imported))
        return len(arrived_ids)

    assert arrival_count(400) < 4.1 * arrival_count(100)


def test_settings_name_the_start_and_the_title_is_the_name() -> None:
    imported = wk.import_(
        ':: StoryTitle\nThe  Cellar\n\n:: StoryData\n{"start": "Hall"}\n\n:: Up [win]\n\n:: Hall\n[[Up]]'
    )
    assert (imported.world.name, imported.world.start, imported.lost) == ("The Cellar", "Hall", ())
    assert imported.machine.name == "The Cellar"


@pytest.mark.parametrize(
    ("link", "label", "target"),
    [
        ("[[Up]]", "Up", "Up"),
        ("[[Go up->Up]]", "Go up", "Up"),
        ("[[Up<-Go up]]", "Go up", "Up"),
        ("[[Go up|Up]]", "Go up", "Up"),
        ("[[A->B->Up]]", "A->B", "Up"),
        ("[[ Go up! -> Up ]]", "Go up!", "Up"),
    ],
)
def test_links_are_events(link: str, label: str, target: str) -> None:
    event = wk.import_(twee(f":: Start\nA road. {link}", ":: Up [win]\n")).world.events[0]
    assert (event.to, event.detail or event.name.replace("_", " ")) == (target, label)


def test_links_of_one_text_are_one_event_where_they_do_the_same() -> None:
    world = wk.import_(twee(":: Start\n[[A]] [[B]]", ":: A\n[[Back->Start]]", ":: B\n[[Back->Start]] [[Up->A]]")).world
    assert {event.name: list(event.from_) for event in world.events} == {
        "A": ["Start"],
        "B": ["Start"],
        "Back": ["A", "B"],
        "Up": ["B"],
    }


def test_a_passage_with_code_that_is_not_read_ends_the_story_only_where_its_tag_says_so() -> None:
    world = wk.import_(
        twee(":: Start\n[[Up]] [[Down]]", ":: Up [win]\n(print: $x + 1)", ":: Down\n(print: $x + 1)")
    ).world
    states = world.states
    assert states["Up"].ending is not None and states["Up"].ending.kind == "win"
    assert states["Down"].ending is None


def test_what_a_link_cannot_reach_is_said_and_makes_no_ending() -> None:
    imported = wk.import_(twee(":: Start\nA road.\n[[Nowhere]]"))
    assert lost(imported) == [
        'passage "Start", line 6: the link "Nowhere"; there is no "Nowhere" that it could lead to'
    ]
    assert imported.world.states["Start"].ending is None


def test_a_flag_is_gained_on_arrival_and_opens_a_link() -> None:
    world = wk.import_(
        twee(
            ":: Start\n(if: $key)[[[In->Hall]]] [[Take it->Key]]",
            ":: Key\n(set: $key to true)\n[[Start]]",
            ":: Hall [win]\n",
        )
    ).world
    events = {event.name: event for event in world.events}
    assert events["Take_it"].grants == ("key",)
    assert events["In"].requires == ("key",)
    assert len(world.states) == 3


def test_a_variable_that_is_denied_makes_copies() -> None:
    story = twee(
        ":: Start\n(if: not $key)[Dark. [[Take it->Key]]](else:)[Light. [[In->Hall]]]",
        ":: Key\n(set: $key to true)\n[[Start]]",
        ":: Hall [win]\n",
    )
    imported = wk.import_(story)
    assert list(imported.world.states) == ["Start", "Start (key)", "Key", "Hall"]
    assert [imported.world.states[id].base for id in ("Start", "Start (key)")] == ["Dark.", "Light."]
    assert imported.lost == ()
    flat = wk.import_(story, max_copies=1)
    assert list(flat.world.states) == ["Start", "Key", "Hall"]
    assert any("would need more than 1 copies" in line for line in lost(flat))


def test_a_condition_sees_the_value_that_stood_above_it() -> None:
    story = twee(":: Start\n(if: $again)[[[In->Hall]]](set: $again to true)[[Start]]", ":: Hall [win]\n")
    imported = wk.import_(story)
    session = wk.Session(imported.world)
    assert [offer.name for offer in session.offers] == ["Start"]
    session.fire("Start")
    assert [offer.label for offer in session.offers] == ["In", "Start"]
    assert imported.lost == ()


TOGGLES = {
    "Harlowe": """(if: $lamp)[(set: $lamp to false)Dark.](else:)[(set: $lamp to true)Light.]
(if: $lamp)[[[Read->Room]]](else:)[[[Sleep->Room]]]""",
    "SugarCube": """<<if $lamp>><<set $lamp to false>>Dark.<<else>><<set $lamp to true>>Light.<</if>>
<<if $lamp>>[[Read|Room]]<<else>>[[Sleep|Room]]<</if>>""",
    "Chapbook": """before: lamp
lamp (before): false
lamp (!before): true
--
[if before]
Dark.
[else]
Light.
[if lamp]
[[Read->Room]]
[else]
[[Sleep->Room]]""",
}


@pytest.mark.parametrize("form", TOGGLES)
def test_an_else_denies_what_its_if_was_told(form: str) -> None:
    imported = wk.import_(twee(f":: Room\n{TOGGLES[form]}", form=form))
    session = wk.Session(imported.world)
    for label, base in (("Read", "Light."), ("Sleep", "Dark."), ("Read", "Light.")):
        assert imported.world.states[session.position.state].base.strip() == base
        assert [offer.label for offer in session.offers] == [label]
        session.fire(session.offers[0].name)
    assert imported.lost == ()


def test_a_link_assigns_all_that_it_says_though_the_first_changes_its_condition() -> None:
    story = twee(
        ":: Start\n<<if not $key>>[[Take both|Start][$key to true, $rope to true]]<</if>>"
        "<<if $rope>>[[Climb|End]]<</if>>",
        ":: End [win]\n",
        form="SugarCube",
    )
    session = wk.Session(wk.import_(story).world)
    session.fire(session.offers[0].name)
    assert [offer.label for offer in session.offers] == ["Climb"]


def test_counters_count_as_far_as_anything_asks() -> None:
    story = twee(
        ":: StoryInit\n<<set $clues to 0>>",
        ":: Start\n<<link 'Look' 'Start'>><<set $clues += 1>><</link>>\n<<if $clues gte 3>>[[Solve|End]]<</if>>",
        ":: End [win]\n",
        form="SugarCube",
    )
    imported = wk.import_(story)
    session = wk.Session(imported.world)
    for _ in range(3):
        assert [offer.label for offer in session.offers] == ["Look"]
        session.fire(session.offers[0].name)
    assert [offer.label for offer in session.offers] == ["Look", "Solve"]
    assert imported.lost == ()


def test_a_switch_shows_the_case_that_has_its_value() -> None:
    hall = (
        ":: Hall\n<<switch $mood>>none<<case 0>>Cold. [[Warm|Hall][$mood to $mood + 1]]\n"
        "<<case 1 'so' 2>>Mild. [[Warm more|Hall][$mood to $mood + 1]]\n<<default>>Hot. [[End]]<</switch>> Lamp.\n"
    )
    imported = wk.import_(twee(":: StoryInit\n<<set $mood to 0>>", hall, ":: End [win]\nOut.", form="SugarCube"))
    assert imported.lost == ()
    assert [state.base for state in imported.world.states.values()] == [
        *("Cold.\nLamp.", "Mild.\nLamp.", "Mild.\nLamp.", "Hot. Lamp.", "Out."),
    ]
    assert wk.explore(imported.world).routes["End"].events == ("Warm", "Warm_more", "Warm_more_2", "End")


def test_visits_are_counted() -> None:
    story = twee(
        ":: Start\n<<if visited() > 1>>[[Rest|End]]<</if>> [[Hall]]",
        ":: Hall\n[[Start]] <<if hasVisited('Hall')>>[[Stay|End]]<</if>>",
        ":: End [lose]\n",
        form="SugarCube",
    )
    session = wk.Session(wk.import_(story).world)
    for name, labels in (("Hall", ["Hall"]), ("Start", ["Start", "Stay"])):
        assert [offer.label for offer in session.offers] == labels
        session.fire(name)
    assert [offer.label for offer in session.offers] == ["Rest", "Hall"]


def test_the_history_of_harlowe_leaves_out_this_visit() -> None:
    story = twee(
        ':: Start\n(if: (history:) contains "Start")[[[Rest->End]]] [[Hall]]',
        ':: Hall\n[[Start]] (if: (history:) contains "Start")[[[Go->End]]]',
        ":: End [win]\n",
    )
    session = wk.Session(wk.import_(story).world)
    assert [offer.label for offer in session.offers] == ["Hall"]
    session.fire("Hall")
    assert [offer.label for offer in session.offers] == ["Start", "Go"]
    session.fire("Start")
    assert [offer.label for offer in session.offers] == ["Rest", "Hall"]


def test_play_goes_on_by_itself() -> None:
    story = twee(
        ":: Start\n[[Door]]",
        ':: Door\n(set: $open to true)(if: $open)[(goto: "Hall")](else:)[(goto: "Start")]',
        ":: Hall [win]\nA hall.",
    )
    world = wk.import_(story).world
    assert [(event.from_, event.to, event.grants) for event in world.events] == [(("Start",), "Hall", None)]


def test_what_is_not_understood_is_said_with_its_line_and_nothing_else_is_made_of_it() -> None:
    imported = wk.import_(
        twee(
            ":: Start\n(set: $gold to (random: 1, 6))\n(live: 2s)[Rain.]\n(if: $gold > 3)[[[Rich->End]]] It is $gold.",
            ":: End [win]\n",
        )
    )
    assert [(loss.where, loss.what) for loss in imported.lost] == [
        ('passage "Start", line 6', "(live: 2s)"),
        ('passage "Start", line 7', "the value of $gold in the text"),
        ('passage "Start", line 5', 'what the variable "gold" decides'),
        ('passage "Start", line 7', "the condition of 'Rich', gold > 3"),
    ]
    assert imported.world.events[0].requires is None
    assert "Rain." in imported.world.states["Start"].base


@pytest.mark.parametrize(
    ("form", "passage", "what"),
    [
        ("Harlowe", '(link: "Listen")[A dog barks.]', "'Listen'"),
        ("Harlowe", "(text-style: 'bold')[Loud.]", "(textstyle:"),
        ("Harlowe", "You have (print: $gold) coins.", "the value of $gold in the text"),
        ("SugarCube", "You have <<= $gold>> coins.", "the value of $gold in the text"),
        ("SugarCube", "<<include 'Rain'>>", "<<include"),
        ("SugarCube", "<<script>>alert(1)<</script>>", "<<script>> and all that is in it"),
        ("SugarCube", "<<link 'Listen'>>A dog barks.<</link>>", "'Listen'"),
        ("Chapbook", "{reveal link: 'Listen', text: 'A dog.'}", "the insert"),
        ("Snowman", "<% s.key = true %>", "the code"),
    ],
)
def test_code_without_a_counterpart_is_listed(form: str, passage: str, what: str) -> None:
    imported = wk.import_(twee(f":: Start\n{passage}\n[[End]]", ":: End [win]\n", form=form))
    assert any(what in loss.what and loss.where.startswith('passage "Start", line 5') for loss in imported.lost)


@pytest.mark.parametrize(
    ("form", "link"),
    [
        ("Harlowe", '(link: "Listen")[(set: $heard to true)[[Run->End]]]'),
        ("SugarCube", "<<link 'Listen'>><<set $heard to true>>[[Run|End]]<</link>>"),
    ],
)
def test_a_link_behind_a_link_is_listed_in_every_format(form: str, link: str) -> None:
    imported = wk.import_(twee(f":: Start\n{link}[[End]]", ":: End [win]\n", form=form))
    assert [event.name for event in imported.world.events] == ["End"]
    assert [(loss.what, loss.why) for loss in imported.lost if loss.where == 'passage "Start", line 5'] == [
        (
            "what happens when 'Listen' is pressed",
            "more than to assign and go on cannot be expressed; it is left out",
        ),
        ("the way to End", "it is there only after 'Listen' was pressed; it is left out"),
        ('what the variable "heard" decides', "it gets a value when 'Listen' is pressed"),
    ]


@pytest.mark.parametrize(
    ("form", "passage", "text"),
    [
        ("SugarCube", "{{{<<set $key to true>> [[Cellar]]}}}", "<<set $key to true>> [[Cellar]]"),
        ("SugarCube", 'Write """[[Cellar]] /* so */""" here.', "Write [[Cellar]] /* so */ here."),
        ("SugarCube", "<nowiki>[[Cellar]]\n\\</NoWiki>", "[[Cellar]]\n\\"),
        ("Harlowe", "`[[Cellar]]` and ``a ` (goto: 'Cellar')``", "[[Cellar]] and a ` (goto: 'Cellar')"),
    ],
)
def test_a_text_that_is_shown_as_it_stands_is_no_code(form: str, passage: str, text: str) -> None:
    imported = wk.import_(twee(f":: Start\n{passage}\n[[End]]", ":: Cellar [win]\n", ":: End [win]\n", form=form))
    assert imported.world.states["Start"].base == text
    assert [event.name for event in imported.world.events] == ["End"]


FORMATTED_TEXTS = [
    ("Harlowe", "//The// ''bold'' ~~one~~ at http://a.b, 2 * 3.", "The bold one at http://a.b, 2 * 3."),
    ("Harlowe", "*So* **it** ***is***.", "So it is."),
    ("Harlowe", "# Night\n=><=\nIt is =><= late. Take #1, `//this//`.", "Night\nIt is =><= late. Take #1, //this//."),
    ("Harlowe", "|rug>[A rug.] Fish &amp; chips<br>a < b", "A rug. Fish & chips\na < b"),
    ("SugarCube", "!Night\n''A'' //b// __c__ ==d== e == f ____ <b class='x'>g</b>", "Night\nA b c d e f ____ g"),
    ("SugarCube", "@@.red;Stop@@ @@#a;.b;here@@. {{{//so//}}} $5! $x! No", "Stop here. //so// $5! $x! No"),
    ("Chapbook", "# Night\n\n*a* **b** _c_ __d__ snake_case_name 2*3*4", "Night\n\na b c d snake_case_name 2*3*4"),
    ("Snowman", "//a// <i>b</i>", "//a// b"),
]  # fmt: skip


@pytest.mark.parametrize(("form", "passage", "text"), FORMATTED_TEXTS)
def test_formatting_is_taken_out_of_a_text_and_listed(form: str, passage: str, text: str) -> None:
    imported = wk.import_(twee(f":: Start\n{passage}\n[[''End''->End]]", ":: End [win]\n", form=form))
    assert imported.world.states["Start"].base == text
    assert any(loss.what.startswith("the formatting ") and "line 5" in loss.where for loss in imported.lost)
    marks = [loss.what for loss in imported.lost if loss.what.startswith("the formatting ")]
    assert len(marks) == len(set(marks))


def test_text_that_is_lost_with_its_code_is_told() -> None:
    words = '"A moth comes at once.", "Something splashes far out.", "She nods."'
    imported = wk.import_(twee(f":: Start\n(either: {words})\n[[End]]", ":: End [win]\n"))
    assert [loss.what for loss in imported.lost] == [f"(either: {words})"]
    long = wk.import_(twee(f":: Start\n(either: {words * 9})\n[[End]]", ":: End [win]\n"))
    assert long.lost[0].what.endswith("…)") and len(long.lost[0].what) < 250


def test_a_picture_in_a_text_is_listed() -> None:
    imported = wk.import_(twee(':: Start\nA map <img src="map.png"> hangs here. [[End]]', ":: End [win]\n"))
    assert imported.world.states["Start"].base == "A map hangs here."
    assert [loss.what for loss in imported.lost] == ['the formatting <img src="map.png"> of the text']


@pytest.mark.parametrize("form", ["Harlowe", "SugarCube"])
def test_bullets_and_strokes_of_links_go_with_the_links(form: str) -> None:
    passage = "Well?\n* [[Yes->End]]\n* [[No->End]]\n* a nod\n[[Up->End]] | [[Down->End]] - go"
    imported = wk.import_(twee(f":: Start\n{passage}", ":: End [win]\n", form=form))
    assert [line for line in imported.world.states["Start"].base.split("\n") if line] == ["Well?", "* a nod", "- go"]
    assert [event.name for event in imported.world.events] == ["Yes", "No", "Up", "Down"]


@pytest.mark.parametrize(("form", "opening"), [("SugarCube", "{{{"), ("SugarCube", "<nowiki>"), ("Harlowe", "``")])
def test_a_text_without_code_that_does_not_end_is_none(form: str, opening: str) -> None:
    imported = wk.import_(twee(f":: Start\n{opening} {opening[0]} [[End]]", ":: End [win]\n", form=form))
    assert imported.world.states["Start"].base == f"{opening} {opening[0]}"
    assert [event.name for event in imported.world.events] == ["End"]


@pytest.mark.parametrize(
    ("form", "passage"),
    [
        ("SugarCube", "A lamp \\\nburns."),
        ("SugarCube", "A lamp \\ \n<<nobr>>burns.<</nobr>>"),
        ("SugarCube", "A lamp \n \\burns."),
        ("Harlowe", "A lamp \\\nburns."),
        ("Harlowe", "A lamp \n\\burns."),
    ],
)
def test_a_backslash_joins_two_lines(form: str, passage: str) -> None:
    imported = wk.import_(twee(f":: Start\n{passage}\n[[End]]", ":: End [win]\n", form=form))
    assert imported.world.states["Start"].base == "A lamp burns."


@pytest.mark.parametrize(
    ("form", "take", "ask"),
    [
        ("Harlowe", "(set: $été to true)[[Back->Start]]", "(if: $été)[[[End]]]"),
        ("Chapbook", "été: true\n--\n[[Back->Start]]", "[if été]\n[[End]]\n[continue]"),
    ],
)
def test_a_variable_may_begin_with_any_letter(form: str, take: str, ask: str) -> None:
    passages = (f":: Start\n{ask}\n[[Garden]]", f":: Garden\n{take}", ":: End [win]\n")
    imported = wk.import_(twee(*passages, form=form))
    events = {event.name: event for event in imported.world.events}
    assert (events["End"].requires, events["Garden"].grants, imported.lost) == (("été",), ("été",), ())


def test_scripts_styles_and_parts_of_the_page_are_no_states() -> None:
    imported = wk.import_(
        twee(":: A [script]\nx", ":: B [stylesheet]\ny", ":: StoryCaption\nz", ":: Start [win]\n", form="SugarCube")
    )
    assert list(imported.world.states) == ["Start"]
    assert [loss.where for loss in imported.lost] == ['passage "A"', 'passage "B"', 'passage "StoryCaption"']


def page(*passages: tuple[str, str, str], attributes: str = "") -> str:
    data = "".join(
        f'<tw-passagedata pid="{number}" name="{html.escape(name)}" tags="{tags}" position="1,2">{html.escape(text)}'
        "</tw-passagedata>"
        for number, (name, tags, text) in enumerate(passages, 1)
    )
    return (
        "<!doctype html><html><head><script>var a = '<b>';</script></head><body>"
        f'<tw-storydata name="A &amp; B" startnode="2" format="Harlowe" {attributes} hidden>'
        '<style role="stylesheet" type="text/twine-css">p { color: red }</style>'
        f'<script role="script" type="text/twine-javascript"></script>{data}</tw-storydata><p>after</p></body></html>'
    )


def test_a_published_page_is_read() -> None:
    story = page(('The "end"', "win", "It < is > over & out."), ("Hall", "", '[[On->The "end"]]'))
    imported = wk.import_(story.replace('"The &quot;end&quot;"', "'The \"end\"'"))
    assert (imported.world.name, imported.world.start) == ("A & B", "Hall")
    assert imported.world.states['The "end"'].base == "It < is > over & out."
    assert imported.layout == {"Hall": (3, 4)}  # both have one position; play begins in the hall
    assert lost(imported) == ['passage "Story Stylesheet": the whole passage; a world has no code and no styles']


def test_a_published_page_is_read_as_its_source_is() -> None:
    code, style = "if (1 < 2 && a<b) { State.variables.key = true; }", "p > a { color: red }"
    key = "<<if $key>>[[Start]]<</if>>[[End]]"
    published = (
        f'<tw-storydata name="" startnode="1" format="SugarCube"><style type="text/twine-css">{style}</style>'
        f'<script type="text/twine-javascript">{code}</script><tw-passagedata pid="1" name="Start">'
        f'{html.escape(key)}</tw-passagedata><tw-passagedata pid="2" name="End" tags="win">x</tw-passagedata>'
        "</tw-storydata>"
    )
    source = twee(
        f":: Story Stylesheet [stylesheet]\n{style}",
        f":: Story JavaScript [script]\n{code}",
        f":: Start\n{key}",
        ":: End [win]\nx",
        form="SugarCube",
    )
    of_page, of_source = wk.import_(published), wk.import_(source)
    assert of_page.world == of_source.world
    assert [event.name for event in of_page.world.events] == ["Start", "End"]
    assert [loss.what for loss in of_page.lost] == [loss.what for loss in of_source.lost]


def test_the_format_of_a_story_does_not_depend_on_its_scripts() -> None:
    imported = wk.import_(":: Start\n(set: $key to true)[[End]]\n:: End [win]\n:: S [script]\nlet a = 1<<b;")
    assert [loss.what for loss in imported.lost] == ["the whole passage"]


def test_a_file_is_read_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "story.txt"
    path.write_bytes(b"\xef\xbb\xbf:: Start\r\nA road.\r\n[[End]]\r\n\r\n:: End [win]\r\n")
    assert wk.import_(path).world.states["Start"].base == "A road."
    path.write_bytes(":: Start [win]\nÉté.\n".encode("utf-16"))
    assert wk.import_(str(path)).world.states["Start"].base == "Été."


def test_an_import_says_what_was_lost() -> None:
    imported = wk.import_(twee(":: Start\n<b> $gold [[End]]", ":: End\n"))
    assert repr(imported).splitlines()[1] == "3 things could not be expressed exactly:"
    assert "&lt;b&gt;" in imported._repr_html_() and "<b>" not in imported._repr_html_()
    assert "nothing was lost" in repr(wk.import_(twee(":: Start [win]\n")))


def _story(form: str, count: int) -> str:
    write = {
        "Harlowe": "(set: $k{0} to true)(if: $k{1})[[[Go {0}->P{1}]]] (if: not $k0)[text] [[Back->P0]]",
        "SugarCube": "<<set $k{0} to true>><<if $k{1}>>[[Go {0}|P{1}]]<<else>>text<</if>> [[Back|P0]]",
        "Chapbook": "k{0}: true\n--\n[if k{1}]\n[[Go {0}->P{1}]]\n[continue]\n[[Back->P0]]",
    }[form]
    return twee(*(f":: P{n}\n{write.format(n, (n * 7 + 1) % count)}" for n in range(count)), form=form)


HOSTILE = {
    "headers": lambda count: "::\n" * count + ":: A\n",
    "brackets": lambda count: ":: A\n" + "[[" * count,
    "macros": lambda count: ":: A\n(set: $a to 1)" + "(if: " * count,
    "quotes": lambda count: ":: A\n" + '(set: "' * count,
    "hooks": lambda count: ":: A\n" + "(if: $a)[" * count,
    "angles": lambda count: ":: A\n<<if $a>>" + "<<if '" * count,
    "blocks": lambda count: ":: A\n" + "<<if $a>>" * count,
    "lines": lambda count: ":: A\n(a:)\n" + "(live: 2)\n" * count,
    "elements": lambda count: ":: A\n<<if $a>>" + "<a data-passage='A'>x" * count + "<a data-passage='" * count,
    "unclosed elements": lambda count: ":: A\n<<if $a>>x" + "<a " * count + '<a b="' * count,
    "scripts": lambda count: ":: A\n<<if $a>>x" + "<script>a</script>" * count + "<script " * count,
    "code": lambda count: (
        ":: A\n<<script>>" + "State.variables.a = b; ++c.variables.d; let v = variables();" * count + "<</script>>"
    ),
    "code without an end": lambda count: (
        ":: A\n<<script>>" + "++a." * count + "variables" * count + " \t" * count + "<</script>>"
    ),
    "code of objects": lambda count: (
        ":: A\n<<script>>" + "Object.assign(a." * count + "Object.assign(variables, {a, " * count + "<</script>>"
    ),
    "code in attributes": lambda count: (
        ":: A\n<<if $a>>x" + "<a onclick='b'>" * count + "<a onclick " * count + '<a " onclick=' * count
    ),
    "macros that are passed over": lambda count: ":: A\n" + "<<append x>>" * count + "<<append x>><</append>>" * count,
    "macros without an end": lambda count: ":: A\n" + "<<append x>><<script>>" * count,
    "pictures": lambda count: ":: A\n<<if $a>>" + "[img[a][A]]" * count + "[img[" * count,
    "verbatim texts without an end": lambda count: ":: A\n<<if $a>>" + "{{{ <nowiki> " * count,
    "backticks": lambda count: ":: A\n" + "`a ``b " * count + "```",
    "hidden hooks": lambda count: (
        ":: A\n" + "[(if: $b)[(set: $a to 1)x]](a|" * count + "$a[" * count + "](goto: 'A')" * count
    ),
    "changers": lambda count: ":: A\n" + "$a + " * count + "(if: $b) + _c" * count,
    "modifiers": lambda count: ":: A\n[if a" + "; if b" * count + "]\nx\n" + "[if a; b]\n" * count,
    "names": lambda count: "".join(f":: A{n % 7}\n" for n in range(count)),
    "escapes": lambda count: ":: A" + "\\[" * count,
    "tags": lambda count: "<tw-storydata>" + "<tw-passagedata name='a" * count,
    "attributes": lambda count: "<tw-storydata " + "a='" * count,
    "opposites": lambda count: ":: A\n(set: $a to true)" + "(if: not $b)[[[A]]]" * count,
    "counters": lambda count: (
        ":: A\n" + "".join(f"(set: $a{n} to $a{n} + 1)(if: $a{n} is 3)[[[A]]]" for n in range(count))
    ),
    "links": lambda count: ":: A\n" + "[[A]]" * count,
    "toggles": lambda count: ":: A\n" + "(if: $a)[(set: $a to false)](else:)[(set: $a to true)]" * count,
    "elses": lambda count: ":: A\n<<if $a is 0>>" + "<<elseif $a is 1>><<set $a to 2>>" * count + "[[A]]",
    "later": lambda count: ":: A\n" + "(live: 2s)[(if: $b)[(set: $a to 1)x]]" * count,
    "timers": lambda count: ":: A\n" + "<<timed 2s>>x<</timed>>" * count + "<<timed 2s>>" * count,
    "no values": lambda count: (
        ":: A\n" + "".join(f"<<set $a{n} to 'x' + {n}>><<if $a{n} is 3>>[[A]]<</if>>" for n in range(count))
    ),
    "blanks": lambda count: ":: A\n" + " " * count + "a \t" * count,
    "elements in a text": lambda count: ":: A\n" + "<a '<b \"" * count,
    "marks": lambda count: ":: A\n" + "*a //b ''c " * count + "@@.x;" * count,
    "blanks in a macro": lambda count: (
        ":: A\n(put: 1" + " " * (20 * count) + "x)" + "(put: 1 into $a" + " into " * count
    ),
    "one link everywhere": lambda count: "".join(f":: A{n}\n[[A{n + 1}]] [[Back->A0]]\n" for n in range(count)),
    "positions": lambda count: "".join(f':: A{n} {{"position":"{n},{n}"}}\n[[A{n + 1}]]\n' for n in range(count)),
}


START_COUNTS = {
    "blanks in a macro": 100,
    "brackets": 400,
    "opposites": 250,
    "links": 400,
    "no values": 150,
    "toggles": 200,
    "elses": 150,
    "one link everywhere": 200,
    "positions": 250,
}
"""Where growth shows in less than a thousand of what costs most."""


@pytest.mark.parametrize("form", FORMATS)
def test_the_time_grows_with_the_story(form: str) -> None:
    assert growth(lambda count: partial(wk.import_, _story(form, count)), 25) <= MAX_GROWTH


@pytest.mark.parametrize("kind", HOSTILE)
def test_the_time_grows_with_a_hostile_file(kind: str) -> None:
    assert growth(lambda count: partial(wk.import_, HOSTILE[kind](count)), START_COUNTS.get(kind, 1_000)) <= MAX_GROWTH


@pytest.mark.parametrize("write", [lambda n: n + 1, lambda n: n - 1], ids=["forwards", "backwards"])
def test_ways_without_a_choice_that_are_too_long_to_follow_are_refused(write: Callable[[int], int]) -> None:
    def story(count: int) -> str:
        ways = "".join(f':: A{n}\n(goto: "A{write(n)}")\n[[B{n}]]\n:: B{n}\n[[A{n}]]\n' for n in range(1, count))
        return f":: A0 [win]\nAn end.\n:: A{count} [win]\nAn end.\n:: Start\n[[A1]] [[B1]]\n{ways}"

    assert len(wk.import_(story(50)).world.states) >= 50
    with pytest.raises(wk.InvalidStory, match="without a choice more than 300,000 times"):
        wk.import_(story(1_200))
