"""Code of Twine stories: what is done later, every assignment of a macro, and what code that is not read may change."""

from __future__ import annotations

import pytest

import worldkit as wk

END = "\n\n:: Won [win]\nx\n\n:: Lost [lose]\ny\n"


def story(form: str, *passages: str) -> wk.Imported[wk.World]:
    head = f':: StoryData\n{{"format": "{form}", "start": "Hall"}}\n\n'
    return wk.import_(head + "\n\n".join(passages) + END)


def offers(imported: wk.Imported[wk.World], *fired: str) -> list[str]:
    """Return the labels of what is offered after some events."""
    session = wk.Session(imported.world)
    for name in fired:
        session.fire(name)
    return [offer.label for offer in session.offers]


def lost(imported: wk.Imported[wk.World]) -> str:
    return "\n".join(map(str, imported.lost))


WON_WITH_KEY = {
    "Harlowe": ":: Shop\n(if: $key)[[[Won]]](else:)[[[Lost]]]",
    "SugarCube": ":: Shop\n<<if $key>>[[Won]]<<else>>[[Lost]]<</if>>",
    "Chapbook": ":: Shop\n[if key]\n[[Won]]\n\n[else]\n[[Lost]]",
}

LATER_JUMPS = [
    ("SugarCube", '<<timed 20s>><<goto "Lost">><</timed>>', "go on to Lost"),
    ("SugarCube", '<<repeat 2s>><<goto "Lost">><</repeat>>', "go on to Lost"),
    ("SugarCube", '<<type 40ms>><<goto "Lost">><</type>>', "go on to Lost"),
    ("SugarCube", '<<linkreplace "Rush" t8n>><<goto "Lost">><</linkreplace>>', "Rush"),
    ("SugarCube", '<<click "Rush">><<goto "Lost">><</click>>', "Rush"),
    ("Harlowe", '(click: ?door)[(goto: "Lost")]', "go on to Lost"),
    ("Harlowe", '(live: 2s)[(goto: "Lost")]', "go on to Lost"),
    ("Harlowe", '|door)[(goto: "Lost")]', "go on to Lost"),
    ("Harlowe", '(live: 2s)[x(live: 3s)[(goto: "Lost")]y]', "go on to Lost"),
    ("Harlowe", '(live: 2s)[(live: 3s)[x](goto: "Lost")]', "go on to Lost"),
    ("Harlowe", '|back-door)[(goto: "Lost")]', "go on to Lost"),
    ("Harlowe", '[(goto: "Lost")](back-door|', "go on to Lost"),
    ("Harlowe", '(if: true)[(goto: "Lost")](door|', "go on to Lost"),
    ("Harlowe", '(if: true)|door)[(goto: "Lost")]', "go on to Lost"),
    ("Harlowe", '(set: $c to (link: "Press"))$c[(goto: "Lost")]', "go on to Lost"),
    ("Harlowe", '(set: _c to (link: "Press"))_c [(goto: "Lost")]', "go on to Lost"),
    ("Harlowe", '$c + (css: "")[(goto: "Lost")]', "go on to Lost"),
    ("Harlowe", '(if: true) + $c + _d|door>[(goto: "Lost")]', "go on to Lost"),
    ("Harlowe", '(link-rerun: "Rush")[(goto: "Lost")]', "Rush"),
    ("Harlowe", '(link-rerun: "Rush")|door>[(goto: "Lost")]', "Rush"),
    ("Chapbook", "[after 2 seconds]\n{redirect to: 'Lost'}\n\n[continue]", "go on to Lost"),
    ("Chapbook", "[align center; after 2s]\n{redirect to: 'Lost'}\n\n[continue]", "go on to Lost"),
    ("Chapbook", "[if passage.visits > 0; after 2s]\n{redirect to: 'Lost'}\n\n[continue]", "go on to Lost"),
]


@pytest.mark.parametrize(("form", "code", "label"), LATER_JUMPS)
def test_what_goes_on_later_is_a_choice(form: str, code: str, label: str) -> None:
    imported = story(form, f":: Hall\nA hall.\n{code}\n[[Won]]")
    assert imported.world.start == "Hall"
    assert sorted(offers(imported)) == sorted([label, "Won"])
    assert label == "Rush" or "play that goes on to Lost by" in lost(imported)


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ("SugarCube", "<<timed 20s>>A bell. <<set $key to true>><</timed>>"),
        ("SugarCube", '<<linkreplace "Take it">><<set $key to true>>A key.<</linkreplace>>'),
        ("SugarCube", '<<linkappend "Take it">><<set $key to true>><</linkappend>>'),
        ("Harlowe", "(click: ?door)[A bell. (set: $key to true)]"),
        ("Harlowe", "|door)[(set: $key to true)]"),
        ("Harlowe", "(live: 2s)[(set: $key to true)(live: 2s)[A bell.]]"),
        ("Harlowe", "[A bell. (set: $key to true)](door|"),
        ("Harlowe", "(set: $c to (hidden:))$c[A bell. (set: $key to true)]"),
        ("Chapbook", "[JavaScript]\nengine.state.set('key', true)\n\n[continue]"),
    ],
)
def test_what_is_assigned_later_is_not_known(form: str, code: str) -> None:
    imported = story(form, f":: Hall\nA hall.\n{code}\n[[Shop]]", WON_WITH_KEY[form])
    assert offers(imported, "Shop") == ["Won", "Lost"]
    assert 'what the variable "key" decides' in lost(imported)
    assert ("A bell." in imported.world.states["Hall"].base) == ("A bell." in code)


def test_a_condition_inside_of_what_is_done_later_decides_its_links() -> None:
    code = "<<timed 2s>><<if $key>>[[Lost]]<</if>>Rain.<</timed>><<set $key to true>>"
    imported = story("SugarCube", f":: Hall\n{code}\n[[Hall]]")
    assert (offers(imported), offers(imported, "Hall")) == (["Lost", "Hall"], ["Lost", "Hall"])
    assert "the condition of 'Lost'" in lost(imported)


@pytest.mark.parametrize(
    ("form", "code", "expected"),
    [
        (
            "SugarCube",
            "<<timed 2s>><<if $key>>[[Lost]]<<else>>[[Won]]<</if>><</timed>><<set $key to true>>",
            "Lost Won",
        ),
        ("SugarCube", "<<set $key to false>><<timed 2s>><<if $key>>[[Lost]]<<else>>[[Won]]<</if>><</timed>>", "Won"),
        ("SugarCube", "<<if $key>><<timed 2s>>[[Lost]]<</timed>><</if>><<set $key to true>>", ""),
        (
            "SugarCube",
            "<<timed 1s>><<timed 1s>><<if not $b>>[[Lost]]<</if>><</timed>><</timed>><<set $b to true>>",
            "Lost",
        ),
        ("SugarCube", '<<timed 2s>><<if $key>><<goto "Lost">><</if>><</timed>><<set $key to 1>>', "go on to Lost"),
        ("Harlowe", "(set: $key to false)(live: 2s)[(if: $key)[ [[Lost]] ]](set: $key to true)", "Lost"),
        ("Harlowe", "(set: $key to false)[(if: $key)[ [[Lost]] ]](a|(set: $key to true)", "Lost"),
        ("Harlowe", "(set: $key to false)(if: $key)[(live: 2s)[ [[Lost]] ]](set: $key to true)", ""),
    ],
)
def test_what_is_asked_later_sees_what_is_assigned_behind_it(form: str, code: str, expected: str) -> None:
    imported = story(form, f":: Hall\n{code}\n[[Hall]]")
    labels = [expected] if expected.startswith("go on") else expected.split()
    assert sorted(offers(imported)) == sorted([*labels, "Hall"])


def test_what_goes_on_at_once_goes_before_what_is_done_later() -> None:
    imported = story("Harlowe", ':: Hall\n(live: 2s)[(goto: "Lost")](goto: "Shop")', ":: Shop\n[[Won]]")
    assert imported.world.start == "Shop"
    assert offers(imported) == ["Won"]


def test_a_link_that_reveals_and_goes_on_does_both() -> None:
    code = '(link-reveal-goto: "Take it", "Shop")[A key. (set: $key to true)]\n[[Leave->Shop]]'
    imported = story("Harlowe", f":: Hall\n{code}", WON_WITH_KEY["Harlowe"])
    assert offers(imported) == ["Take it", "Leave"]
    assert (offers(imported, "Take_it"), offers(imported, "Leave")) == (["Won"], ["Lost"])
    assert imported.lost == ()


@pytest.mark.parametrize(
    "code",
    [
        "<<set $n++, $key++>>[[Shop]]",
        "<<set $n to 5; $key += 1>>[[Shop]]",
        "<<set $n to 5; ++$n; $key++;>>[[Shop]]",
        "<<set $n to 'a, b'; $key = 1>>[[Shop]]",
        "[[Shop][$n++; $key++]]",
        "[[Shop][$n++, $key to 1]]",
    ],
)
def test_every_assignment_of_a_macro_is_carried_out(code: str) -> None:
    shop = ":: Shop\n<<if $key gte 1>>[[Won]]<<else>>[[Lost]]<</if>>"
    imported = story("SugarCube", ":: StoryInit\n<<set $n to 0>><<set $key to 0>>", f":: Hall\n{code}", shop)
    assert offers(imported, "Shop") == ["Won"]
    assert "key" not in lost(imported)


def test_what_looks_like_an_assignment_in_a_text_is_none() -> None:
    assert offers(story("SugarCube", ":: Hall\n<<set $a to 'x; $b = 1'>><<if not $b>>[[Won]]<</if>>")) == ["Won"]


@pytest.mark.parametrize(
    ("code", "label"),
    [
        ("(set: $key to true)\n|door>[A door.]\n[[Shop]]", "Shop"),
        ("(set: $key to true)[A door.]\n[[Shop]]", "Shop"),
        ("(put: true into $key)\n|door)[A door.]\n[[Shop]]", "Shop"),
        ('(set: $key to true)(link-goto: "Go", "Shop")\n|door>[A door.]', "Go"),
        ("(set: $key to true)(print: $gold) [A door.] [[Shop]]", "Shop"),
    ],
)
def test_a_command_before_a_hook_is_carried_out(code: str, label: str) -> None:
    imported = story("Harlowe", f":: Hall\n{code}", WON_WITH_KEY["Harlowe"])
    assert (offers(imported), offers(imported, label)) == ([label], ["Won"])
    assert "A door." in imported.world.states["Hall"].base


@pytest.mark.parametrize("code", ['(goto: "Won")', '(set: $a to 1)\n(goto: "Won")'])
def test_play_goes_on_at_once_before_a_hook(code: str) -> None:
    imported = story("Harlowe", ":: Hall\n[[Shop]]", f":: Shop\n{code}\n|door>[A door.]")
    assert imported.world.events[0].to == "Won"


@pytest.mark.parametrize(
    ("code", "text", "values"),
    [
        ("You have $gold [coins] here.", "You have $gold coins here.", 1),
        ("Name: $name |b>[coins]", "Name: $name coins", 1),
        ("$gold + $silver [coins]", "$gold + $silver coins", 2),
        ("$style[Rain.]", "Rain.", 0),
        ("$style|b>[Rain.]", "Rain.", 0),
        ('$style + (css: "") [Rain.]', "Rain.", 0),
        ("_style [Rain.]", "_style Rain.", 0),
    ],
)
def test_a_variable_apart_from_its_hook_is_shown(code: str, text: str, values: int) -> None:
    imported = story("Harlowe", f":: Hall\n{code}\n[[Won]]")
    assert imported.world.states["Hall"].base.strip() == text
    assert sum("the value of $" in loss.what and "in the text" in loss.what for loss in imported.lost) == values


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("$key[x](else:)[ [[Lost]] ]", ["Lost"]),
        ("(if: true)[x] $key[y](else:)[ [[Lost]] ]", ["Lost"]),
        ("(if: true)[x] $key[y](else-if: true)[ [[Lost]] ]", ["Lost"]),
        ("(if: true) + $style[y](else:)[ [[Lost]] ]", []),
    ],
)
def test_an_else_behind_the_hook_of_a_variable_may_hold(code: str, expected: list[str]) -> None:
    imported = story("Harlowe", f":: Hall\n(set: $key to false){code}[[Won]]")
    assert offers(imported) == [*expected, "Won"]
    assert ("the condition of 'Lost'" in lost(imported)) == bool(expected)


CHANGED_BY_OTHERS = [
    ("Harlowe", "(set: $key to false)(cycling-link: bind $key, true, false)"),
    ("Harlowe", "(set: $key to false)(cycling-link: 2bind $key, true, false)"),
    ("Harlowe", "(dropdown: bind $key, 'a', 'b')"),
    ("Harlowe", "(set: $other to true)(move: $other into $key)"),
    ("Harlowe", "\n\n:: Top [header]\n(set: $key to true)"),
    ("SugarCube", "<<run $key++>>"),
    ("SugarCube", "<<run --$key>>"),
    ("SugarCube", "<<unset $key>>"),
    ("SugarCube", "<<set $other to $key++>>"),
    ("SugarCube", "<<for $key to 0; $key lt 3; $key++>>.<</for>>"),
    ("SugarCube", "<<replace '#a'>>[[Shop][$key to true]]<</replace>>"),
    ("SugarCube", "<<script>>State.variables.key = true;<</script>>"),
    ("SugarCube", '<<checkbox "$key" false true>>'),
    ("SugarCube", "\n\n:: PassageHeader\n<<set $key to true>>"),
    ("SugarCube", '\n\n:: PassageHeader\n<<include "Loot">>\n\n:: Loot\n<<set $key to true>>'),
    ("SugarCube", '<<take>>\n\n:: W [widget]\n<<widget "take">><<set $key to true>><</widget>>'),
    ("SugarCube", "\n\n:: S [script]\nState.variables.key = 1;"),
    ("SugarCube", "\n\n:: S [script]\nconst v = State.variables;\nv.key = 1;"),
    ("SugarCube", "<<script>>State.setVar('$key', true)<</script>>"),
    ("SugarCube", "<<script>>variables().key = true<</script>>"),
    ("SugarCube", "<<script>>SugarCube.State.variables [ 'key' ] = true<</script>>"),
    ("SugarCube", "<<script>>++State.variables.key<</script>>"),
    ("SugarCube", "<<script>>State.variables.key ||= true<</script>>"),
    ("SugarCube", "<<script>>if (1) { State.variables.key ??= true }<</script>>"),
    ("SugarCube", "<<script>>State.active.variables.key |= 1<</script>>"),
    ("SugarCube", '<<script "TwineScript">>$key to true<</script>>'),
    ("SugarCube", "<<set $key to true>><<script>>delete State.variables.key<</script>>"),
    ("SugarCube", "<<run State.variables.key = true>>"),
    ("SugarCube", "<<run State.setVar('$key', true)>>"),
    ("SugarCube", "<<run $key ||= true>>"),
    ("SugarCube", "<<set State.variables.key to true>>"),
    ("SugarCube", "<<set $other to State.setVar('$key', true)>>"),
    ("SugarCube", "<<set $other to ($key ||= true)>>"),
    ("SugarCube", "<<if ($key = 5) > 3>>Rain.<</if>>"),
    ("SugarCube", "<script>SugarCube.State.variables.key = true</script>"),
    ("SugarCube", "<<append '#a'>><<script>>State.variables.key = true<</script>><</append>>"),
    ("SugarCube", "<<append '#a'>><script>State.variables.key = true</script><</append>>"),
    ("SugarCube", "<<for _i to 0; _i lt 1; _i++>><<script>>State.variables.key = true<</script>><</for>>"),
    ("SugarCube", "<<switch 1>><<case 1>><<script>>State.variables.key = true<</script>><</switch>>"),
    ("SugarCube", "<<replace '#a'>><<script 'TwineScript'>>$key to true<</script>><</replace>>"),
    (
        "SugarCube",
        "<<take>>\n\n:: W [widget]\n<<widget 'take'>><<script>>State.variables.key = true<</script>><</widget>>",
    ),
    ("SugarCube", '<button onclick="SugarCube.State.variables.key = true">Go</button>'),
    ("SugarCube", '<a class="b"\nONCLICK = "SugarCube.State.setVar(&quot;$key&quot;, true)">Go</a>'),
    ("SugarCube", '<a href="javascript:SugarCube.State.variables.key++">Go</a>'),
    ("SugarCube", "\n\n:: PassageFooter\n<a onclick='SugarCube.State.variables.key = 1'>Go</a>"),
    ("SugarCube", '<<script>>$.wiki("<<set $key to true>>")<</script>>'),
    ("SugarCube", "\n\n:: S [script]\nnew Wikifier(null, '<<set $key to true>>')"),
    ("SugarCube", "<<run Object.assign(State.variables, {n: 1, 'key': true})>>"),
    ("Chapbook", "<a onclick=\"engine.state.set('key', true)\">Go</a>"),
    ("Harlowe", "<script>$key = true</script>"),
    ("Chapbook", "<script>engine.state.set('key', true)</script>"),
    ("Chapbook", "\n\n:: S [script]\nengine.state.set(`key`, true)"),
    ("Chapbook", "{reveal link: 'Look', passage: 'Loot'}\n\n:: Loot\nkey: true\n--\n"),
    ("Chapbook", "{cycling link for: 'key', choices: ['', 'a']}"),
]


@pytest.mark.parametrize(("form", "code"), CHANGED_BY_OTHERS)
def test_a_variable_that_is_changed_by_code_that_is_not_read_is_not_known(form: str, code: str) -> None:
    imported = story(form, f":: Hall\n[[Shop]]\n{code}", WON_WITH_KEY[form])
    assert offers(imported, "Shop") == ["Won", "Lost"]
    assert 'what the variable "key" decides' in lost(imported)


@pytest.mark.parametrize(
    "code",
    [
        "<<script>>if (State.variables.key == 1 || State.variables.key >= 2) { f(State.variables.key) }<</script>>",
        "<<run alert(State.getVar('$key'), $key >= 1)>>",
        "<script>const f = () => State.variables.key</script>",
    ],
)
def test_code_that_only_reads_a_variable_does_not_change_it(code: str) -> None:
    assert offers(story("SugarCube", f":: Hall\n[[Shop]]\n{code}", WON_WITH_KEY["SugarCube"]), "Shop") == ["Lost"]


@pytest.mark.parametrize("form", ["SugarCube", "Harlowe", "Chapbook", "Snowman"])
def test_code_in_an_html_tag_is_no_text(form: str) -> None:
    code = "<style>a { color: red }</style><script type='x'>[1, 2].map((n) => n)</script>"
    imported = story(form, f":: Hall\nA hall.\n{code}\n[[Shop]]", ":: Shop\n<script>go()</script>")
    assert imported.world.states["Hall"].base.strip() == "A hall."
    assert imported.world.states["Shop"].ending is None
    what = ["<style> and all that is in it", "<script> and all that is in it"]
    assert [loss.what for loss in imported.lost if loss.where == 'passage "Hall", line 6'] == what


def test_html_code_that_does_not_end_is_skipped_to_the_end() -> None:
    imported = story("SugarCube", ":: Hall\nA hall. [[Shop]] <script>[[Lost]]", ":: Shop\n[[Won]]")
    assert offers(imported) == ["Shop"]


LINK_ELEMENTS = [
    ("SugarCube", "[img[door.png][Shop]]", "Shop"),
    ("SugarCube", "[img[door.png][ Shop ]]", "Shop"),
    ("SugarCube", "[<img[Go in|door.png][Shop]]", "Go in"),
    ("SugarCube", "<<link [img[door.png][Shop]]>><</link>>", "Shop"),
    ("SugarCube", '<a data-passage="Shop">Go in</a>', "Go in"),
    ("SugarCube", "<a class='way'  data-passage = 'Shop'>Go <b>in</b></a>", "Go in"),
    ("SugarCube", "<button data-passage=Shop>Go in</button>", "Go in"),
    ("SugarCube", '<area data-passage="Shop">', "Shop"),
    ("SugarCube", '<a title="In\nand out" data-passage="Shop">Go in</a>', "Go in"),
    ("SugarCube", """<a data-passage-x="y" data-passage="Shop">Go in</a>""", "Go in"),
    ("SugarCube", """<a x-data-passage="y" data-passage="Shop">Go in</a>""", "Go in"),
    ("SugarCube", '<a DATA-PASSAGE="Shop">Go in</a>', "Go in"),
    ("SugarCube", '<a data-passage="Shop">$door</a>', "Shop"),
    ("Snowman", '<a href="javascript:void(0)" data-passage="Shop">Go in</a>', "Go in"),
]


@pytest.mark.parametrize(("form", "link", "label"), LINK_ELEMENTS)
def test_pictures_and_elements_lead_on(form: str, link: str, label: str) -> None:
    imported = story(form, f":: Hall\nA hall. {link}", ":: Shop\n[[Won]]")
    assert (offers(imported), imported.world.events[0].to) == ([label], "Shop")


@pytest.mark.parametrize(
    "link",
    [
        "[img[door.png][Shop][$key to true]]",
        """<a data-passage="Shop" data-setter="$n to 2 &gt; 1, $key to true">Shop</a>""",
        """<a data-setter='$key to "a" is "a"' data-passage="Shop">Shop</a>""",
    ],
)
def test_what_is_assigned_on_the_way_through_a_picture_or_an_element(link: str) -> None:
    imported = story("SugarCube", f":: Hall\n{link} [[Leave|Shop]]", WON_WITH_KEY["SugarCube"])
    assert offers(imported) == ["Shop", "Leave"]
    assert offers(imported, "Shop") == ["Won"]
    assert offers(imported, "Leave") == ["Lost"]


def test_a_link_whose_passage_is_computed_is_listed() -> None:
    imported = story("SugarCube", """:: Hall\n<a sc-eval:data-passage="$door" data-setter="$key to 1">Go</a>""")
    assert imported.world.states["Hall"].ending is None
    assert "it does not name its passage as plain text" in lost(imported)


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ("SugarCube", """<a onclick="SugarCube.Engine.play('Shop')">Go</a>"""),
        ("SugarCube", """<a @onclick="$way">Go</a>"""),
        ("SugarCube", """<a href="javascript:SugarCube.Engine.play('Shop')">Go</a>"""),
        ("Snowman", """<a onclick="story.show('Shop')">Go</a>"""),
        ("Harlowe", "<a onclick='go()'>Go</a>"),
        ("Chapbook", "<a title='>' onclick=go()>Go</a>"),
    ],
)
def test_a_passage_with_an_element_whose_code_may_lead_on_is_no_ending(form: str, code: str) -> None:
    imported = story(form, f":: Hall\n{code}", ":: Shop\n[[Won]]")
    assert imported.world.states["Hall"].ending is None
    assert "of an element; it is not read" in lost(imported)


@pytest.mark.parametrize("code", ['<a href="javascript:void(0)" data-passage="Won">Go</a>', "<<if $a is on>><</if>>"])
def test_an_element_without_code_is_not_listed(code: str) -> None:
    assert "of an element" not in lost(story("SugarCube", f":: Hall\n{code}"))


@pytest.mark.parametrize("code", ["[img[door.png]]", '<img data-passage="Map">', "<span data-passages='Shop'>x</span>"])
def test_a_picture_leads_nowhere(code: str) -> None:
    assert story("SugarCube", f":: Hall\n{code}").world.states["Hall"].ending is not None


def test_a_dotted_name_is_listed_and_the_other_variables_are_read() -> None:
    section = "config.style.page.font: 'Serif'\nkey: true\nplayer.name: 'Jo'\nand this line\n--\n"
    imported = story("Chapbook", f":: Hall\n{section}A hall.\n[[Shop]]", WON_WITH_KEY["Chapbook"])
    assert imported.world.states["Hall"].base.strip() == "A hall."
    assert offers(imported, "Shop") == ["Won"]
    assert [(loss.where, loss.what) for loss in imported.lost] == [
        ('passage "Hall", line 5', "the variable config.style.page.font"),
        ('passage "Hall", line 7', "the variable player.name"),
        ('passage "Hall", line 8', "the line 'and this line'"),
    ]


JOINED = [
    ("[if key; append]", ["Lost"]),
    ("[append; if key]", ["Lost"]),
    ("[append; unless key]", ["Won", "Lost"]),
    ("[if !key; if key]", ["Lost"]),
    ("[if !key; if word == 'a;b']", ["Won", "Lost"]),
    ('[if !key; if word == "a;c"]', ["Lost"]),
    ("[if !key; note]", ["Lost"]),
    ("[cont'd; append]", ["Won", "Lost"]),
    ("[IF key]", ["Lost"]),
]


@pytest.mark.parametrize(("modifiers", "expected"), JOINED)
def test_every_one_of_joined_modifiers_counts(modifiers: str, expected: list[str]) -> None:
    section = "key: false\nword: 'a;b'\n--\n"
    imported = story("Chapbook", f":: Hall\n{section}{modifiers}\n[[Won]]\n\n[continue]\n[[Lost]]")
    assert offers(imported) == expected
    assert [loss.what for loss in imported.lost if loss.what[0] == "["] == ["[append]"] * ("append" in modifiers)


def test_an_else_denies_joined_conditions() -> None:
    section = "key: true\nlamp: false\n--\n"
    imported = story("Chapbook", f":: Hall\n{section}[if key; if lamp]\n[[Won]]\n\n[else]\n[[Lost]]")
    assert (offers(imported), imported.lost) == (["Lost"], ())


@pytest.mark.parametrize("insert", ["embed passage: 'Shop'", "reveal link: 'Go', passage: 'Shop'", "redirect to: a"])
def test_a_passage_with_an_insert_that_may_lead_on_is_no_ending(insert: str) -> None:
    imported = story("Chapbook", f":: Hall\n{{{insert}}}", ":: Shop\n[[Won]]")
    assert imported.world.states["Hall"].ending is None


def test_a_redirect_goes_on_at_once() -> None:
    imported = story("Chapbook", ":: Hall\n[[Shop]]", ":: Shop\n{redirect to: 'Won'}")
    assert imported.world.events[0].to == "Won"
    assert imported.lost == ()


ASSIGNMENTS = {"SugarCube": "<<set $n to {0}>><<set $key to {1}>>", "Harlowe": "(set: $n to {0})(set: $key to {1})"}
QUESTION_PASSAGES = {
    "SugarCube": ":: Shop\n<<if $key {0}>>[[Won]]<<else>>[[Lost]]<</if>>",
    "Harlowe": ":: Shop\n(if: $key {0})[[[Won]]](else:)[[[Lost]]]",
    "Chapbook": ":: Shop\n[if key {0}]\n[[Won]]\n\n[else]\n[[Lost]]",
}
NO_VALUE = [
    ("SugarCube", "0", "$n or 10", "gte 10"),
    ("SugarCube", "0", "10 and $n", "is 0"),
    ("SugarCube", "0", "($n or 10) + 1", "is 11"),
    ("SugarCube", "5", "$n or $gold", "is 5"),
    ("SugarCube", "0", "'a' + 1", "is 'a1'"),
    ("SugarCube", "0", "$n + true", "is 1"),
    ("SugarCube", "-3", "$n % 2", "is -1"),
    ("Harlowe", "'a'", "$n + 1", "is 'a1'"),
    ("Chapbook", "0", "n || 10", ">= 10"),
    ("Chapbook", "0", "n + true", ">= 1"),
]


@pytest.mark.parametrize(("form", "before", "value", "question"), NO_VALUE)
def test_a_value_that_cannot_be_computed_is_listed(form: str, before: str, value: str, question: str) -> None:
    assign = ASSIGNMENTS.get(form, "n: {0}\nkey: {1}\n--\n").format(before, value)
    imported = story(form, f":: Hall\n{assign}[[Shop]]", QUESTION_PASSAGES[form].format(question))
    assert offers(imported, "Shop") == ["Won", "Lost"]
    assert 'what the variable "key" decides' in lost(imported)


@pytest.mark.parametrize(
    "value", ["$n is 5 or not $lamp", "$lamp or false", "not ($n or 10)", "($n or 10) and true is 1"]
)
def test_a_condition_is_a_value(value: str) -> None:
    imported = story("SugarCube", f":: Hall\n<<set $n to 5>><<set $lamp to false>><<set $key to {value}>>[[Shop]]")
    assert ("joins what is no condition" in lost(imported)) == ("10) and" in value)


@pytest.mark.parametrize(
    ("form", "comment"),
    [
        ("SugarCube", "<!-- {} -->"),
        ("SugarCube", "/* {} */"),
        ("SugarCube", "/% {} %/"),
        ("SugarCube", "<!-- {}"),
        ("Harlowe", "<!-- {} -->"),
    ],
)
def test_code_of_an_element_in_a_comment_is_not_there(form: str, comment: str) -> None:
    element = '<a onclick="SugarCube.State.variables.key = 1">Go</a>'
    imported = story(form, f":: Hall\nThe end. {comment.format(element)}")
    assert imported.world.states["Hall"].ending is not None
    assert "onclick" not in lost(imported)


def test_an_assignment_under_a_condition_that_cannot_be_computed_is_listed() -> None:
    code = "<<set $n to '1'>><<set $key to 0>><<if $n == 1>><<set $key to 5>><</if>>[[Shop]]"
    imported = story("SugarCube", f":: Hall\n{code}", QUESTION_PASSAGES["SugarCube"].format("is 5"))
    assert offers(imported, "Shop") == ["Won", "Lost"]
    assert "it gets 5 if n == 1, which cannot be computed" in lost(imported)


@pytest.mark.parametrize(("value", "question"), [("'1'", "== 1"), ("'10'", "gte 5"), ("-3", "% 2 is -1")])
def test_a_link_with_a_condition_that_cannot_be_computed_is_listed(value: str, question: str) -> None:
    imported = story(
        "SugarCube", f":: Hall\n<<set $key to {value}>>[[Shop]]", QUESTION_PASSAGES["SugarCube"].format(question)
    )
    assert offers(imported, "Shop") == ["Won", "Lost"]
    assert [loss.what.split(",")[0] for loss in imported.lost] == ["the condition of 'Won'", "the condition of 'Lost'"]


def test_where_play_never_comes_nothing_decides_what_can_be_computed() -> None:
    imported = story(
        "SugarCube",
        ":: Hall\n<<set $key to 1>>[[Shop]]",
        QUESTION_PASSAGES["SugarCube"].format("gte 1"),
        ":: Island\n<<set $key to $key + 1>>[[Shop]]",
    )
    assert offers(imported, "Shop") == ["Won"]
    assert "computed" not in lost(imported)
