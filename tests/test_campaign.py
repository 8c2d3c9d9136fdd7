"""Campaigns: reading, the choice of the next edge, what is carried, and the rules."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.growing import MAX_GROWTH, growth
from worldkit import Campaign, CampaignSession, InvalidWorld, MissingFile, World, WorldError, explore_campaign
from worldkit.campaigns import CampaignRules
from worldkit.campaigns.act_lint import act_blockers
from worldkit.campaigns.act_transition import edges_by_exit, next_edge
from worldkit.campaigns.campaign_rules import CAMPAIGN_RULES

Json = dict[str, Any]


def _world(id: str, *, win: bool = False) -> World:
    states: Json = {
        "start": {"base": "A quay in fog."},
        "gate": {"base": "A gate."},
        "end": {"base": "A lit door.", "ending": {"kind": "win" if win else "lose", "title": "The end"}},
    }
    return World.from_dict({"id": id, "entrance": {"state": "start"}, "scene": {"states": states, "events": []}})


WORLDS = {"w1": _world("w1"), "w2": _world("w2"), "w3": _world("w3", win=True)}


def _edge(start: str, state: str, to: str | None, kind: str = "golden", **fields: Any) -> Json:
    return {
        "from": {"actId": start, "state": state},
        "to": None if to is None else {"actId": to},
        "kind": kind,
        **fields,
    }


def _act(id: str, world: str) -> Json:
    return {"actId": id, "worldId": world, "title": id.upper(), "canonical": True}


def _saga() -> Json:
    """Return three acts on a golden line, a way round by the second one's gate, and a loop that opens it."""
    return {
        "id": "saga",
        "start": "one",
        "acts": [_act("one", "w1"), _act("two", "w2"), _act("three", "w3")],
        "edges": [
            _edge("one", "end", "two", carryFlags=["lamp"]),
            _edge("two", "end", "three"),
            _edge("two", "gate", "one", "loop", carryFlags=["lamp", "oil"]),
            _edge("one", "gate", "three", "deviation", requiresFlag="oil"),
            _edge("three", "gate", None, "deviation", label="Lost at sea"),
        ],
        "goldenThread": ["one", "two", "three"],
    }


def _with(change: Any = None) -> Json:
    document = _saga()
    if change is not None:
        change(document)
    return document


class Row(NamedTuple):
    rule: str
    trips: Any
    misses: Any
    path: str


def _set(*path: Any) -> Any:
    *steps, last, value = path

    def change(document: Json) -> None:
        at: Any = document
        for step in steps:
            at = at[step]
        at[last] = value

    return change


def _add(*edges: Json) -> Any:
    return lambda raw: raw["edges"].extend(edges)


def _both(*changes: Any) -> Any:
    return lambda raw: [change(raw) for change in changes]


_EDGE_TARGET = ("edges", 0, "to")

ROWS = [
    Row("dangling-edge", _set("start", "zero"), _set("start", "one"), "start"),
    Row("dangling-edge", _add(_edge("zero", "end", "two", "deviation")), None, "edge[5].from.actId"),
    Row("dangling-edge", _add(_edge("one", "end", "zero", "deviation")), None, "edge[5].to.actId"),
    Row(
        "exit-state-exists",
        _set("edges", 3, "from", "state", "attic"),
        _set("edges", 3, "from", "state", "start"),
        "edge[3].from.state",
    ),
    Row("act-has-world", _set("acts", 1, "worldId", "w9"), _set("acts", 1, "worldId", "w2"), "act[two].worldId"),
    Row(
        "unreachable-act",
        lambda raw: raw["acts"].append(_act("four", "w1")),
        _both(lambda raw: raw["acts"].append(_act("four", "w1")), _add(_edge("two", "gate", "four", "recombine"))),
        "act[four]",
    ),
    Row("golden-thread", _set("acts", 2, "worldId", "w1"), _set("acts", 0, "worldId", "w3"), "goldenThread"),
    Row(
        "golden-thread",
        _add(_edge("three", "end", "one")),
        _add(_edge("three", "end", "one", "deviation")),
        "goldenThread",
    ),
    Row(
        "golden-thread",
        _add(_edge("three", "end", None)),
        _add(_edge("three", "end", None, "deviation")),
        "goldenThread",
    ),
    Row(
        "golden-thread",
        _set("goldenThread", ["one", "three"]),
        lambda raw: raw.pop("goldenThread"),
        "goldenThread[1]",
    ),
    Row(
        "golden-thread",
        _set("goldenThread", ["two", "three"]),
        _set("goldenThread", ["one", "two"]),
        "goldenThread[0]",
    ),
    Row(
        "loop-terminates",
        _set("edges", 2, "carryFlags", ["lamp"]),
        _set("edges", 2, "carryFlags", ["oil"]),
        "edge[2].carryFlags",
    ),
    Row(
        "loop-terminates",
        _both(_set("edges", 3, "requiresFlag", "coin"), _set("edges", 2, "requiresFlag", "oil")),
        _both(
            _set("edges", 3, "requiresFlag", "coin"),
            _add(_edge("one", "gate", "one", "loop", requiresFlag="oil", carryFlags=["oil"])),
        ),
        "edge[2].carryFlags",
    ),
    Row(
        "duplicate-act",
        lambda raw: raw["acts"].append(_act("two", "w2")),
        lambda raw: raw["acts"].reverse(),
        "act[two].actId",
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.rule} {row.path}")
def test_each_rule_is_tripped_alone_and_a_near_miss_trips_nothing(row: Row) -> None:
    diagnostics = Campaign.from_dict(_with(row.trips)).lint(WORLDS)
    assert [(d.lint, d.path) for d in diagnostics] == [(row.rule, row.path)]
    assert diagnostics[0].severity == CAMPAIGN_RULES[row.rule].severity == "error"
    assert list(Campaign.from_dict(_with(row.misses)).lint(WORLDS)) == []


def test_a_world_of_another_id_is_a_warning() -> None:
    worlds = {**WORLDS, "w2": _world("other")}
    (diagnostic,) = Campaign.from_dict(_saga()).lint(worlds)
    assert (diagnostic.lint, diagnostic.severity, diagnostic.path) == ("act-has-world", "warning", "act[two].worldId")
    unnamed = World.from_dict({k: v for k, v in WORLDS["w2"].to_dict().items() if k != "id"})
    assert list(Campaign.from_dict(_saga()).lint({**WORLDS, "w2": unnamed})) == []


def test_an_entrance_that_is_no_state_is_a_warning_since_play_begins_in_the_acts_own() -> None:
    campaign = Campaign.from_dict(_with(_set(*_EDGE_TARGET, {"actId": "two", "entrance": "attic"})))
    (diagnostic,) = campaign.lint(WORLDS)
    assert (diagnostic.lint, diagnostic.severity) == ("exit-state-exists", "warning")
    assert diagnostic.path == "edge[0].to.entrance"


def test_every_campaign_rule_is_tried_and_explained() -> None:
    assert {row.rule for row in ROWS} == set(CAMPAIGN_RULES)
    assert all(40 < len(rule.explanation) < 400 for rule in CAMPAIGN_RULES.values())


def test_a_campaign_of_one_act_with_a_win_needs_no_edge() -> None:
    alone = {"start": "one", "acts": [_act("one", "w3")], "edges": []}
    assert list(Campaign.from_dict(alone).lint(WORLDS)) == []


def _choice(*edges: Json) -> Campaign:
    return Campaign.from_dict({"start": "one", "acts": [_act("one", "w1")], "edges": list(edges)})


def _next_label(campaign: Campaign, act: str, state: str, flags: tuple[str, ...]) -> str | None:
    chosen = next_edge(edges_by_exit(campaign).get((act, state), ()), flags)
    return None if chosen is None else chosen[1].label


@pytest.mark.parametrize(
    ("flags", "edge_label"),
    [
        ((), "plain"),
        (("oil",), "gated"),
        (("oil", "lamp"), "golden"),
        (("lamp",), "golden"),
        (("coin",), "plain"),
    ],
)
def test_golden_goes_before_gated_and_gated_before_the_first(flags: tuple[str, ...], edge_label: str) -> None:
    campaign = _choice(
        _edge("one", "end", "two", "deviation", label="plain"),
        _edge("one", "end", "two", "deviation", label="gated", requiresFlag="oil"),
        _edge("one", "end", "two", "recombine", label="gated too", requiresFlag="oil"),
        _edge("one", "end", "two", label="golden", requiresFlag="lamp"),
        _edge("one", "end", "two", label="golden too", requiresFlag="lamp"),
        _edge("one", "gate", "two", label="elsewhere"),
        _edge("two", "end", "two", label="another act"),
    )
    assert _next_label(campaign, "one", "end", flags) == edge_label


def test_the_first_golden_edge_goes_before_a_gated_golden_one() -> None:
    # docs/spec/rules.md#campaigns: a golden one goes first; only then the first with a requiresFlag
    campaign = _choice(
        _edge("one", "end", "two", label="first"),
        _edge("one", "end", "two", label="second", requiresFlag="oil"),
    )
    assert _next_label(campaign, "one", "end", ("oil",)) == "first"
    assert _next_label(campaign, "one", "end", ()) == "first"


def test_no_edge_leaves_a_state_without_one_or_while_its_flag_is_missing() -> None:
    campaign = _choice(_edge("one", "end", "two", requiresFlag="oil"))
    assert _next_label(campaign, "one", "start", ("oil",)) is None
    assert _next_label(campaign, "one", "end", ("lamp",)) is None
    assert _next_label(campaign, "two", "end", ("oil",)) is None


def test_unknown_fields_and_a_null_destination_are_kept() -> None:
    document = _saga()
    document["mood"] = {"x": [1, None]}
    document["acts"][0]["chapterRef"] = "ch. 1"
    document["edges"][4]["to"] = None
    given_copy = deepcopy(document)
    assert Campaign.from_dict(document).to_dict() == given_copy == document


def test_everything_wrong_is_said_at_once_each_with_its_path() -> None:
    document = _saga()
    document["acts"][1]["canonical"] = "yes"
    document["edges"][0]["kind"] = "silver"
    del document["edges"][1]["to"]
    with pytest.raises(InvalidWorld) as error:
        Campaign.from_dict(document)
    assert [p.path for p in error.value.problems] == ["acts[1].canonical", "edges[0].kind", "edges[1].to"]
    assert "the campaign is not a readable" in str(error.value)


ids = st.sampled_from(["one", "two", "three", "", "a.b", "<b>"])
places = st.sampled_from(["start", "gate", "end", "attic"])
edges = st.builds(
    lambda a, s, b, k, c, r: {
        "from": {"actId": a, "state": s},
        "to": b,
        "kind": k,
        "carryFlags": c,
        **({"requiresFlag": r} if r else {}),
    },
    ids,
    places,
    st.none() | st.fixed_dictionaries({"actId": ids}, optional={"entrance": places}),
    st.sampled_from(["golden", "deviation", "recombine", "loop"]),
    st.lists(st.sampled_from(["lamp", "oil"])),
    st.sampled_from([None, "lamp", "oil"]),
)
campaigns = st.fixed_dictionaries(
    {
        "start": ids,
        "acts": st.lists(st.builds(_act, ids, st.sampled_from(["w1", "w2", "w3", "w9"])), max_size=4),
        "edges": st.lists(edges, max_size=6),
    },
    optional={"goldenThread": st.lists(ids, max_size=3)},
)


@settings(max_examples=150, deadline=None)
@given(campaigns, st.sets(st.sampled_from(["lamp", "oil"])))
def test_lint_and_choice_never_fail_and_name_what_exists(document: Json, flags: set[str]) -> None:
    campaign = Campaign.from_dict(document)
    diagnostics = campaign.lint(WORLDS)
    assert diagnostics == Campaign.from_dict(document).lint(WORLDS)
    acts = {act.act_id for act in campaign.acts}
    for one in diagnostics:
        if one.item.kind == "act":
            assert one.item.id in acts
        elif one.item.kind == "edge":
            assert 0 <= int(one.item.id) < len(campaign.edges)
        else:
            assert (one.item.kind, one.item.id) == ("world", "")
    exits = edges_by_exit(campaign)
    for edge in campaign.edges:
        chosen = next_edge(exits[edge.from_.act_id, edge.from_.state], flags)
        choice = None if chosen is None else chosen[1]
        assert chosen is None or campaign.edges[chosen[0]] is choice
        assert choice is None or choice.from_ == edge.from_
        if edge.requires_flag is None or edge.requires_flag in flags:
            assert choice is not None and (edge.kind != "golden" or choice.kind == "golden")


def test_notes_name_edges_never_looked_at_and_flags_that_the_hosted_player_would_not_count() -> None:
    document = _saga()
    document["edges"][3]["from"]["state"] = "start"
    granting = WORLDS["w1"].apply(
        [{"op": "add_event", "event": {"name": "fill", "kind": "override", "from": ["gate"], "grants": ["oil"]}}]
    )
    notes = Campaign.from_dict(document).notes({**WORLDS, "w1": granting})
    assert [(note.lint, note.severity, note.path) for note in notes] == [
        ("edge-at-entrance", "info", "edge[3].from.state"),
        ("flag-not-carried", "info", "edge[3].requiresFlag"),
    ]
    assert list(Campaign.from_dict(_saga()).notes(WORLDS)) == []


def test_a_campaign_is_judged_in_time_proportional_to_its_edges() -> None:
    def judge(size: int) -> Callable[[], object]:
        names = range(size)
        acts = [_act(f"a{k}", f"w{k % 2}") for k in names]
        edges = [_edge(f"a{k % 9}", "gate", f"a{k}", carryFlags=["oil"], requiresFlag=f"f{k}") for k in names]
        campaign = Campaign.from_dict({"start": "a0", "acts": acts, "edges": edges})
        grants = [
            {
                "name": f"e{k}",
                "kind": "override",
                "from": ["gate"],
                "base": "",
                "grants": [f"g{k}"],
                "requires": [f"h{k}"],
            }
            for k in names
        ]
        data = _world("w").to_dict()
        world = World.from_dict({**data, "scene": {**data["scene"], "events": grants}})
        worlds = {"w0": world, "w1": world}

        def work() -> None:
            campaign.lint(worlds)
            campaign.notes(worlds)
            rules = CampaignRules(campaign, worlds)
            assert list(act_blockers(rules.scope, "a1", "studio"))

        return work

    assert growth(judge, 1_000) < MAX_GROWTH


# ---- the vendor's records ------------------------------------------------------------------------


def _record() -> Json:
    graph = {key: value for key, value in _saga().items() if key != "id"}
    worlds = {"one": "w1", "two": "w2", "three": "w3"}
    return {
        "id": "saga",
        "title": "The Saga",
        "logline": "A lamp is carried home.",
        "estDurationMin": 40,
        "graph": graph,
        "acts": {act: WORLDS[world].to_dict() for act, world in worlds.items()},
        "vendor": {"kept": True},
    }


def test_a_record_of_the_vendor_holds_its_worlds() -> None:
    campaign = Campaign.load(_record())
    assert (campaign.id, campaign.title, campaign.logline) == ("saga", "The Saga", "A lamp is carried home.")
    assert (campaign.est_duration_min, campaign.start) == (40, "one")
    assert campaign.worlds == {"one": WORLDS["w1"], "two": WORLDS["w2"], "three": WORLDS["w3"]}
    assert list(campaign.lint()) == []
    assert campaign.to_dict() == _record()
    session = CampaignSession(campaign)
    assert session.world == WORLDS["w1"]
    assert "one" in explore_campaign(campaign).acts


def test_a_record_of_the_studio_keeps_its_worlds_elsewhere() -> None:
    record = {key: value for key, value in _record().items() if key in ("id", "title", "graph")}
    campaign = Campaign.from_dict(record)
    assert campaign.worlds == {} and campaign.to_dict() == record
    assert list(campaign.lint(WORLDS)) == []
    assert {finding.lint for finding in campaign.lint()} >= {"act-has-world"}
    assert CampaignSession(campaign, WORLDS).world == WORLDS["w1"]


def test_a_campaign_is_loaded_from_text_and_from_a_file(tmp_path: Path) -> None:
    text = json.dumps(_record())
    path = tmp_path / "saga.json"
    path.write_text(text, encoding="utf-8")
    assert Campaign.load(text) == Campaign.load(path) == Campaign.load(str(path)) == Campaign.from_dict(_record())
    with pytest.raises(MissingFile):
        Campaign.load(tmp_path / "none.json")
    path.write_text("[1]", encoding="utf-8")
    with pytest.raises(InvalidWorld, match="expected a campaign, an object"):
        Campaign.load(path)


def test_everything_wrong_with_a_record_is_said_with_its_path() -> None:
    record = _record()
    record["graph"]["acts"][1]["canonical"] = "yes"
    record["acts"]["two"]["scene"]["states"] = []
    record["acts"]["three"] = 3
    record["acts"]["one"]["schemaVersion"] = "2.0"
    record["title"] = 4
    with pytest.raises(InvalidWorld) as error:
        Campaign.from_dict(record)
    paths = [problem.path for problem in error.value.problems]
    assert paths[-2:] == ["title", "graph.acts[1].canonical"]
    assert paths[0] == "acts.one.schemaVersion" and "'2.0' cannot be read" in error.value.problems[0].message
    assert paths[1].startswith("acts.two.scene.states") and any(path.startswith("acts.three") for path in paths)
    for wrong in ({"graph": 3}, {"graph": {}, "acts": []}, {"graph": {}}):
        with pytest.raises(InvalidWorld):
            Campaign.from_dict(wrong)


def _long_campaign(size: int) -> Campaign:
    """A campaign of a line of acts, in whose first act an edge leads to each of them."""
    line = [_edge(f"a{k}", "end", f"a{k + 1}") for k in range(size - 1)]
    leaps = [_edge("a0", "end", f"a{k}", "deviation", requiresFlag=f"f{k}") for k in range(size)]
    acts = [_act(f"a{k}", "w1") for k in range(size)]
    return Campaign.from_dict({"start": "a0", "acts": acts, "edges": [*line, *leaps]})


def test_a_campaign_is_explored_in_time_proportional_to_its_edges() -> None:
    def explore(size: int) -> Callable[[], object]:
        campaign = _long_campaign(size)
        return lambda: explore_campaign(campaign, worlds)

    go = {"name": "go", "kind": "transition", "from": ["start"], "to": "end"}
    worlds = {"w1": WORLDS["w1"].apply([{"op": "add_event", "event": go}])}
    exploration = explore_campaign(_long_campaign(30), worlds)
    assert exploration.complete and len(exploration.acts) == 30
    assert (route := exploration.route_to("a29")) is not None and len(route.acts) == 30
    assert growth(explore, 100) < MAX_GROWTH


def test_of_many_reasons_why_a_campaign_cannot_be_played_the_first_are_told() -> None:
    edges = [_edge("one", "end", "nowhere") for _ in range(1_000)]
    campaign = Campaign.from_dict({"start": "one", "acts": [_act("one", "w1")], "edges": edges})
    with pytest.raises(WorldError, match=r"and 980 more; campaign\.lint") as refusal:
        CampaignSession(campaign, WORLDS)
    assert str(refusal.value).count("\n") == 21
