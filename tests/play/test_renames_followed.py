"""Handlers hear of the states and events they were written for, whatever those are called now."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import worldkit as wk
from tests.play.campaigns import PLAIN, WORLDS
from tests.play.test_session import world
from tests.play.worlds import do, playable
from worldkit import CampaignSession, Session, SessionEvent, World, WrongArgument
from worldkit.playing.rebase import adopt, rebase
from worldkit.playing.renames import FirstNames, Renames

Json = dict[str, Any]
ARCH = [{"op": "rename_state", "from": "gate", "to": "arch"}]
CLIMB = [{"op": "update_event", "name": "walk_up", "patch": {"name": "climb"}}]


def hearing(session: Session | CampaignSession, topic: str, **limits: Any) -> list[tuple[str, str | None]]:
    heard: list[tuple[str, str | None]] = []
    session.on(topic, lambda event: heard.append((event.state, event.event)), **limits)
    return heard


def test_a_handler_of_a_state_follows_it() -> None:
    session = Session(world())
    heard = [hearing(session, "enter", state="gate"), hearing(session, "gate"), hearing(session, "land", state="gate")]
    session.apply(ARCH)
    session.fire("walk_up")
    assert heard == [[("arch", "walk_up")]] * 3
    session.undo(2).fire("walk_up")
    assert heard == [[("arch", "walk_up"), ("gate", "walk_up")]] * 3


def test_a_handler_of_an_event_follows_it() -> None:
    session = Session(world())
    heard = [hearing(session, "land", event="walk_up"), hearing(session, "walk_up")]
    session.apply(CLIMB)
    session.fire("climb")
    assert heard == [[("gate", "climb")]] * 2
    session.undo(2).fire("walk_up")
    assert heard == [[("gate", "climb"), ("gate", "walk_up")]] * 2


def test_a_handler_that_knows_the_new_name_follows_it_back() -> None:
    session = Session(world())
    session.apply([*ARCH, *CLIMB])
    heard = [hearing(session, "arch"), hearing(session, "climb"), hearing(session, "enter", state="arch")]
    session.fire("climb")
    session.restart().fire("walk_up")
    assert heard == [[("arch", "climb"), ("gate", "walk_up")]] * 3


def test_a_new_state_under_an_old_name_is_another() -> None:
    session = Session(world())
    old = hearing(session, "gate")
    session.apply(ARCH)
    session.apply([{"op": "add_state", "id": "gate", "base": "Another gate."}])
    session.apply([{"op": "add_event", "name": "turn", "kind": "transition", "from": ["lane"], "to": "gate"}])
    new = hearing(session, "gate")
    session.fire("turn")
    session.jump(3).fire("walk_up")
    assert (old, new) == ([("arch", "walk_up")], [("gate", "turn")])


def test_what_a_handler_renames_while_others_are_told_is_followed() -> None:
    session = Session(world())
    session.on("leave", lambda _: session.apply(ARCH))
    heard = hearing(session, "gate")
    session.fire("walk_up")
    assert heard == [("gate", "walk_up")] and session.state == "arch"


def test_a_rebase_that_renames_is_followed_and_kept_by_retry() -> None:
    session = Session(world())
    heard = hearing(session, "gate")
    session.rebase(world().apply(ARCH), states={"gate": "arch"})
    session.fire("walk_up")
    session.retry().fire("walk_up")
    session.undo(4).fire("walk_up")
    assert [state for state, _ in heard] == ["arch", "arch", "gate"]


def test_a_flag_that_a_run_began_with_is_kept_under_its_new_name() -> None:
    session = Session(world(), flags=["key"])
    session.apply([{"op": "rename_flag", "from": "key", "to": "gold"}])
    renamed = session.world
    session.rebase(renamed)
    assert session.restart().flags == session.retry().flags == {"gold"}
    session.apply([{"op": "rename_flag", "from": "gold", "to": "key"}])
    session.rebase(session.world)
    assert session.restart().flags == session.retry().flags == {"key"}
    session.undo(4).fire("walk_up")
    assert session.fire("open").state == "home"
    fresh = Session(world(), flags=["key"])
    assert fresh.apply([{"op": "rename_flag", "from": "key", "to": "gold"}]).state == "lane"
    assert fresh.restart().flags == {"key"}  # it begins again in the world of before


def test_a_flag_that_a_run_began_with_is_not_another_that_was_called_like_it_later() -> None:
    session = Session(world(), flags=["key"])

    def rename(old: str, new: str) -> None:
        session.apply([{"op": "rename_flag", "from": old, "to": new}])
        session.rebase(session.world)

    rename("key", "gold")
    session.apply([{"op": "add_event", "name": "find", "kind": "override", "from": ["lane"], "grants": ["key"]}])
    session.rebase(session.world)
    rename("key", "iron")
    assert session.flags == session.restart().flags == session.retry().flags == {"gold"}
    rename("iron", "tin")
    rename("gold", "silver")
    assert session.flags == session.restart().flags == session.retry().flags == {"silver"}
    rename("silver", "key")
    assert session.flags == session.restart().flags == session.retry().flags == {"key"}


def test_an_error_is_told_to_the_handlers_of_the_state_it_happened_in() -> None:
    session = Session(world())
    heard = hearing(session, "error", state="gate")
    session.on("gate", lambda _: 1 / 0)
    session.apply(ARCH)
    session.fire("walk_up")
    assert heard == [("arch", "walk_up")]


def test_ready_is_told_where_the_player_is_whatever_that_is_called() -> None:
    session = Session(world())
    session.apply([{"op": "rename_state", "from": "lane", "to": "road"}])
    assert hearing(session, "ready", state="road") == [("road", None)]


def test_an_edit_beside_a_player_is_followed() -> None:
    session = Session(world())
    heard = hearing(session, "gate")
    renamed = world().apply(ARCH)
    adopt(session, rebase(session, renamed, Renames({"gate": "arch"})).session)
    session.fire("walk_up")
    again = renamed.apply([{"op": "rename_state", "from": "arch", "to": "door"}])
    adopt(session, rebase(session, again, Renames({"arch": "door"})).session)
    session.undo().fire("walk_up")
    assert heard == [("arch", "walk_up"), ("door", "walk_up")]


@pytest.mark.parametrize("gone", [["gate"], ["gate", "lane"]])
def test_an_edit_that_breaks_the_run_is_followed(gone: list[str]) -> None:
    session = Session(world())
    heard = hearing(session, "walk_up")
    session.fire("walk_up")
    after = world().apply(
        [
            *CLIMB,
            *({"op": "add_state", "id": f"new {id}", "base": "New."} for id in gone),
            {"op": "update_event", "name": "climb", "patch": {"from": ["new gate", "lane"], "to": "new gate"}},
            {"op": "set_entrance", "state": "new gate"},
            *({"op": "delete_state", "id": id} for id in gone),
        ]
    )
    rebased = rebase(session, after, Renames(events={"walk_up": "climb"}))
    assert rebased.outcome == ("trail" if gone == ["gate"] else "nothing")
    adopt(session, rebased.session)
    session.fire("climb")
    assert heard == [("gate", "walk_up"), ("new gate", "climb")]


def test_a_handler_of_a_campaign_follows_what_is_renamed_in_an_act() -> None:
    session = CampaignSession(PLAIN, WORLDS)
    heard = [hearing(session, "gate"), hearing(session, "land", event="go"), hearing(session, "leave", state="gate")]
    go = {"op": "update_event", "name": "go", "patch": {"name": "walk"}}
    session.apply([*ARCH, go])
    session.fire("walk")
    session.fire("go")
    assert heard[:2] == [[("arch", "walk"), ("gate", "go")]] * 2
    assert heard[2] == [("arch", "walk")]


def test_a_handler_of_a_campaign_may_name_what_apply_added_or_renamed() -> None:
    session = CampaignSession(PLAIN, WORLDS)
    with pytest.raises(WrongArgument):
        session.on("arch", print)
    session.apply(ARCH)
    heard = hearing(session, "arch")
    session.fire("go")
    session.undo(2).fire("go")
    assert heard == [("arch", "go"), ("gate", "go")]


def test_first_names_of_two_that_change_places_and_of_what_was_renamed_back() -> None:
    swap = Renames({"a": "b", "b": "a"}, flags={"x": "y", "y": "x"})
    names = FirstNames().after(swap, ())
    assert (names.state("a"), names.state("b"), names.held(["x"])) == ("b", "a", {"y"})
    assert names.after(swap, ()).state("a") == "a"
    there = FirstNames().after(Renames({"a": "b"}), ())
    back = there.after(Renames({"b": "a"}), ())
    assert (back.state("a"), there.after(Renames(), ()) is there) == ("a", True)
    namesakes = FirstNames().after(Renames(events={"go": "walk"}), ["go", "walk"])
    assert (namesakes.event("go"), namesakes.event("walk")) == ("go", "go")


MOVES = st.lists(
    st.tuples(
        st.sampled_from(
            [*["fire"] * 4, "wait", "undo", "jump", "restart", "rename state", "rename event", "edit", "hear", "hear"]
        ),
        st.integers(0, 1500),
    ),
    min_size=4,
    max_size=16,
)


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.just(world()), playable()), MOVES)
def test_handlers_hear_in_a_run_with_renames_what_they_hear_in_one_without(
    first: World, moves: list[tuple[str, int]]
) -> None:
    session, plain = Session(first), Session(first)
    heard: list[int] = []
    heard_in_plain: list[int] = []
    for at, (what, number) in enumerate(moves):
        if what == "hear":
            hear(session, at, number, heard)
            hear(plain, at, number, heard_in_plain)
        elif what == "edit" and not session.playing and session.world == session.first_world:
            ops = renaming(session.world, "rename state", number, f"edit {at}")
            edited = session.world.apply(ops)
            rebased = rebase(session, edited, Renames({op["from"]: op["to"] for op in ops}))
            assert rebased.outcome == "run"
            adopt(session, rebased.session)
        elif what.startswith("rename"):
            session.apply(renaming(session.world, what, number, f"{what} {at}"))
            plain.apply([])
        elif what != "edit":
            do(session, what, number)
            do(plain, what, number)
        assert heard == heard_in_plain


def hear(session: Session, at: int, number: int, heard: list[int]) -> None:
    """Subscribe to a state or an event of the world as it is now, by its place in it."""
    states, names = list(session.world.states), [event.name for event in session.world.events]
    unique = [index for index, name in enumerate(names) if names.count(name) == 1]
    state = states[number % len(states)]
    listener: Callable[[SessionEvent], object] = lambda event: heard.append(at)  # noqa: E731
    session.on("*", listener, state=state)
    if number % 2 or not unique:
        session.on("enter", listener, state=[state, states[0]])
    else:
        session.on("*", listener, event=names[unique[number % len(unique)]])


def renaming(world: World, what: str, number: int, name: str) -> list[Json]:
    """Return operations that rename something of a world; none where it has nothing to rename."""
    if what == "rename state":
        return [{"op": "rename_state", "from": list(world.states)[number % len(world.states)], "to": name}]
    names = [event.name for event in world.events]
    unique = [each for each in names if names.count(each) == 1]
    return [{"op": "rename_event", "from": unique[number % len(unique)], "to": name}] if unique else []


def test_a_player_beside_an_editor_tells_handlers_what_they_were_written_for() -> None:
    editor = wk.edit(wk.samples.load("bench"))
    player = wk.play(editor)
    heard = hearing(player.session, "enter", state="bench")
    editor.apply([{"op": "rename_state", "from": "bench", "to": "seat"}])
    player.session.fire("walk_up_the_lane")
    player.go_on_in(wk.replay(editor.world, player.session.trace), "Again.")
    editor.undo()
    player.session.undo()
    assert heard == [("seat", "walk_up_the_lane")]
