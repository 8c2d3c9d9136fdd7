"""What the two profiles make of one world: severities, paths, gates, allowances, and what is fixable."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

import worldkit as wk
from tests.rules.house import event, house, move, with_event, with_events, with_state
from worldkit import Item, RuleViolation, World, WorldError, WrongArgument
from worldkit.ruleset.play_gate import play_blockers

Json = dict[str, Any]

DARK = World.from_dict(with_state("hall", base="A hall without a lamp."))


# ---- severities and gates --------------------------------------------------------------------------


def test_prose_is_a_matter_of_advice_by_default_and_an_error_to_the_studio() -> None:
    assert [(d.lint, d.severity) for d in DARK.lint()] == [("negation", "warning")]
    assert [(d.lint, d.severity) for d in DARK.lint("studio")] == [("negation", "error")]
    assert DARK.lint(profile="hosted") == DARK.lint() == wk.rules.lint(DARK)


def test_an_unknown_profile_is_refused() -> None:
    with pytest.raises(WrongArgument, match="profile"):
        DARK.lint("offline")  # type: ignore[arg-type]


def test_an_executive_desk_and_a_killer_view_are_nothing_to_lint() -> None:
    world = World.from_dict(with_event(base="A killer view over an executive desk, a shot glass on it."))
    assert list(world.lint()) == list(world.lint("studio")) == []


def test_prose_never_blocks_play_unless_the_studios_gate_is_asked_for() -> None:
    assert list(play_blockers(DARK)) == []
    assert [d.lint for d in play_blockers(DARK, "studio")] == ["negation"]
    assert not wk.play(DARK).blocked
    assert [d.lint for d in wk.play(DARK, gate="studio").blocked] == ["negation"]


@pytest.mark.parametrize(
    ("document", "lint_id"),
    [
        (with_event(**move("attic")), "dangling-ref"),
        (with_event(**move(None)), "transition-needs-to"),
        (with_event(to="study"), "transition-needs-to"),
        ({key: value for key, value in house().items() if key != "entrance"}, "no-entrance"),
    ],
)
def test_what_is_wrong_in_the_structure_blocks_play(document: Json, lint_id: str) -> None:
    player = wk.play(World.from_dict(document))
    assert [d.lint for d in player.blocked] == [lint_id]


def test_a_cutscene_in_to_does_not_block_play_though_a_hosted_server_refuses_it() -> None:
    document = with_event(**move("stairs"))
    world = World.from_dict(
        {**document, "cutscenes": [{"id": "stairs", "video": "s.mp4", "from": "hall", "to": "cellar"}]}
    )
    assert [d.lint for d in world.lint().errors] == ["dangling-ref"]
    assert list(play_blockers(world)) == []


def test_a_strict_batch_may_break_a_rule_of_prose_and_not_the_structure() -> None:
    world = World.from_dict(house())
    shade = [{"op": "set_field", "state": "hall", "field": "base", "value": "Nothing but shade."}]
    assert world.apply(shade, strict=True).lint().warnings.total == 1
    with pytest.raises(RuleViolation) as error:
        world.apply([{"op": "put_event", "event": move("attic"), "force": True}], strict=True)
    assert [d.path for d in error.value.diagnostics] == ["event[cross].to"]


# ---- paths -----------------------------------------------------------------------------------------


def test_a_path_is_spelled_by_profile_and_its_item_is_the_same_place() -> None:
    (in_hosted,), (studio,) = DARK.lint(), DARK.lint("studio")
    assert (in_hosted.path, studio.path) == ("state[hall].base", "states.hall.base")
    assert in_hosted.item == studio.item == Item("state", "hall", "base")


def test_ids_with_dots_and_brackets_stand_in_a_path_as_they_are() -> None:
    world = World.from_dict(with_event(name="a.b [c]", base="Nothing."))
    assert world.lint()[0].path == "event[a.b [c]].base"
    assert world.lint()[0].item == Item("event", "a.b [c]", "base")


# ---- kernel.allow ------------------------------------------------------------------------------------


@pytest.mark.parametrize("profile", ["hosted", "studio"])
def test_what_a_world_allows_is_lowered_to_info_there_and_nowhere_else(profile: Any) -> None:
    document = with_state("hall", base="No lamp.", ambient=["Nothing stirs."])
    world = World.from_dict({**document, "kernel": {"allow": {"state[hall].base": ["negation", "whiteout"]}}})
    diagnostics = world.lint(profile)
    assert [(d.item.field, d.severity) for d in diagnostics if d.lint == "negation"] == [
        ("base", "info"),
        ("ambient[0]", "warning" if profile == "hosted" else "error"),
    ]


def test_a_structural_error_is_never_lowered() -> None:
    document = with_event(**move("attic"))
    world = World.from_dict({**document, "kernel": {"allow": {"event[cross].to": ["dangling-ref"]}}})
    assert [d.severity for d in world.lint()] == ["error"]
    assert [d.severity for d in world.lint("studio")] == ["error"]


@pytest.mark.parametrize(
    "kernel",
    [None, [], "x", {"allow": []}, {"allow": {"state[hall].base": "negation"}}, {"allow": {"": [1, None, ["x"]]}}],
)
def test_a_kernel_of_any_shape_is_no_trouble(kernel: Any) -> None:
    world = World.from_dict({**with_state("hall", base="No lamp."), "kernel": kernel})
    assert [d.severity for d in world.lint()] == ["warning"]


def test_what_is_allowed_is_counted_apart_beyond_the_list() -> None:
    lines = [f"No lamp {n}." for n in range(300)]
    allow = {f"state[hall].ambient[{n}]": ["negation"] for n in range(250)}
    world = World.from_dict({**with_state("hall", ambient=lines), "kernel": {"allow": allow}})
    assert world.lint().counts == {"error": 0, "warning": 50, "info": 250}


# ---- findings that can be fixed --------------------------------------------------------------------------


def test_a_fixable_finding_says_so_and_how_in_text_json_and_html() -> None:
    world = World.from_dict(with_event(anchor={"label": "lamp"}))
    finding = world.lint()[0]
    assert finding.fixable and finding.remedy == "set its minProximity to 0.15"
    assert str(finding).endswith("[sliver-evidence] Fixable: set its minProximity to 0.15.")
    assert finding.to_dict()["remedy"] == finding.remedy
    assert "Fixable: set its minProximity to 0.15." in world.lint()._repr_html_()
    assert world.apply(finding.fix()) == world.lint().fixed()


def test_a_finding_that_only_a_writer_can_settle_says_that_it_has_no_fix() -> None:
    finding = DARK.lint()[0]
    assert not finding.fixable and "Fixable" not in str(finding) and "remedy" not in finding.to_dict()
    with pytest.raises(WorldError, match="no safe fix; edit the state by hand"):
        finding.fix()


def test_a_rule_may_have_findings_of_both_kinds() -> None:
    world = World.from_dict(with_events(move(None, name="lost"), event(to="study")))
    without_fix, with_fix = (d for d in world.lint() if d.lint == "transition-needs-to")
    assert not without_fix.fixable and with_fix.fixable
    assert world.apply(with_fix.fix()).lint().errors == world.lint().errors[:1]


def test_a_way_out_of_an_ending_is_closed_where_the_event_is_offered_elsewhere_too() -> None:
    world = World.from_dict(with_events(move("study", at=["hall", "cellar"]), move("hall", name="back", at=["garden"])))
    both, only = (d for d in world.lint() if d.lint == "ending-not-terminal")
    assert both.fix() == [{"op": "update_event", "name": "cross", "patch": {"from": ["hall"]}}]
    assert not only.fixable


def test_a_finding_keeps_its_world_and_can_be_pickled_and_compared() -> None:
    world = World.from_dict(with_event(anchor={"label": "lamp"}))
    finding = world.lint()[0]
    assert pickle.loads(pickle.dumps(finding)).fix() == finding.fix()
    assert finding == World.from_dict(world.to_dict()).lint()[0]
    assert hash(finding) == hash(World.from_dict(world.to_dict()).lint()[0])
