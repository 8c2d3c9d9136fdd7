"""Laws of the two modes and of the picture, on random worlds and random runs."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.play.worlds import do, names, playable
from worldkit import Sample, Session, SessionEvent, Trace, World, replay
from worldkit.playing.notices import notices_of
from worldkit.playing.session_view import run_of
from worldkit.playing.view import view

modest = settings(max_examples=30, deadline=None)

samples = st.builds(
    Sample,
    st.none() | st.sampled_from([0, 50, 100, 200]),
    st.none() | st.sampled_from([0, 5, 11, 12, 40]),
    st.dictionaries(st.sampled_from(["gate", "oak", "hill"]), st.sampled_from([0.0, 0.2, 1.0]), max_size=2),
)
clauses = st.fixed_dictionaries(
    {},
    optional={
        "label": st.sampled_from(["gate", "Oak"]),
        "minExtent": st.sampled_from([0.1, 0.5]),
        "minLuminance": st.sampled_from([50, 100]),
        "maxMotion": st.sampled_from([5, 11]),
        "hits": st.integers(0, 3),
        "timeoutMs": st.sampled_from([0, 700, 1500, 5000]),
        "auto": st.booleans(),
    },
).filter(bool)


@st.composite
def watched_worlds(draw: st.DrawFn) -> World:
    """Return playable worlds in which much depends on the picture, and on controls and variants."""
    raw = draw(playable()).to_dict()
    for event in raw["scene"]["events"]:
        if draw(st.booleans()):
            event["landWhen"] = draw(clauses)
        if draw(st.integers(0, 2)) == 0:
            event["drive"] = {"movement": "forward"}
            event["drivePulseMs"] = draw(st.sampled_from([0, 300, 3000]))
        for phase in event.get("phases", ()):
            if draw(st.booleans()):
                phase["drive"] = draw(st.sampled_from([None, {"lookHorizontal": "left"}]))
    for state in raw["scene"]["states"].values():
        if draw(st.integers(0, 3)) == 0:
            state["arriveLabel"] = "gate"
        if draw(st.integers(0, 3)) == 0:
            state["autopilot"] = {"movement": "back"}
    if draw(st.booleans()):
        state_id = draw(st.sampled_from(sorted(raw["scene"]["states"])))
        raw["outro"] = {"video": "out.mp4", "flag": "key", "state": state_id}
    return World.from_dict(raw)


class Script:
    """A source that sees one sample after the other, each for some time; never more than a list can say."""

    def __init__(self, samples: list[Sample | None]) -> None:
        self.seen = samples

    def __call__(self, clock: int) -> Sample | None:
        return self.seen[clock // 1000 % len(self.seen)]


ACTS = st.one_of(
    st.tuples(st.just("fire"), st.integers(0, 20)),
    st.tuples(st.just("fire"), st.integers(0, 20)),
    st.tuples(st.just("wait"), st.integers(0, 3000)),
    st.tuples(st.just("travel"), st.integers(0, 3000)),
    st.tuples(st.just("observe"), samples),
    st.tuples(st.just("author"), st.sampled_from(["grant", "revoke", "variant"])),
)
BACK_ACTS = st.one_of(
    st.tuples(st.just("undo"), st.integers(1, 3)),
    st.tuples(st.just("jump"), st.integers(0, 20)),
    st.tuples(st.just("cancel"), st.just(0)),
    st.tuples(st.just("finish"), st.just(0)),
    st.tuples(st.just("retry"), st.just(0)),
)
runs = st.lists(ACTS, max_size=12)
wandering = st.lists(ACTS | BACK_ACTS, max_size=14)
sources = st.none() | st.lists(st.none() | samples, min_size=1, max_size=4).map(Script)


def act(session: Session, what: str, value: Any) -> None:
    """Do one thing, if it can be done now."""
    match what:
        case "observe":
            session.observe(value)
        case "author" if session.playing is None:
            if value == "variant":
                labels = [None, *session.variants]
                session.variant(labels[-1])
            else:
                getattr(session, value)("key", "oil")
        case "cancel" if session.playing is not None:
            session.cancel()
        case "finish":
            session.finish()
        case "retry":
            session.retry()
        case "author" | "cancel":
            pass
        case _:
            do(session, what, value)


def standing(session: Session) -> tuple[Any, ...]:
    """Return all that a session shows of where it stands."""
    now = session.playing
    return (
        session.position,
        session.trace,
        session.trail,
        session.line,
        session.prompt_now,
        session.controls,
        session.outro,
        session.chosen,
        session.seen,
        now and now.to_dict(),
        [waypoint.to_dict() for waypoint in session.waypoints],
    )


@modest
@given(watched_worlds(), runs, sources)
def test_instant_and_real_time_give_the_same_run_when_waits_are_long_enough(
    world: World, run: list[tuple[str, Any]], source: Script | None
) -> None:
    instant, real = Session(world, evidence=source), Session(world, mode="real-time", evidence=source)
    events: dict[str, list[SessionEvent]] = {"instant": [], "real": []}
    instant.on("*", events["instant"].append)
    real.on("*", events["real"].append)
    for what, value in run:
        if what in ("wait", "travel"):
            # in real time what fires by itself plays on: one thing at a time, each played out before the next
            began = instant.clock
            for session in (instant, real):
                session._spend(value, what == "travel", max_firings=1)
                session.finish()
            if instant.clock != began:
                continue
        else:
            act(instant, what, value)
            act(real, what, value)
            real.finish()
    assert real.position == instant.position
    one, two = instant.trace, real.trace
    assert (two.steps, two.clock, two.held, two.seen) == (one.steps, one.clock, one.held, one.seen)
    without_waits = {name: [h for h in some if h.topic != "wait"] for name, some in events.items()}
    assert without_waits["real"] == without_waits["instant"]
    assert real.prompts == instant.prompts


@modest
@given(watched_worlds(), wandering, sources, st.sampled_from(["instant", "real-time"]))
def test_a_run_replays_with_all_that_was_seen(
    world: World, run: list[tuple[str, Any]], source: Script | None, mode: Any
) -> None:
    session = Session(world, mode=mode, evidence=source)
    for what, value in run:
        act(session, what, value)
    # whether one stood or travelled last is not recorded, and the prompt's halves with it
    again = replay(world, session.trace.to_json(), evidence=source)
    session.wait(1)
    again.wait(1)
    assert standing(again) == standing(session)
    assert Trace.from_json(session.trace.to_json()) == session.trace


@modest
@given(watched_worlds(), runs, sources, st.sampled_from(["instant", "real-time"]))
def test_undo_is_exact_in_both_modes(
    world: World, run: list[tuple[str, Any]], source: Script | None, mode: Any
) -> None:
    session = Session(world, mode=mode, evidence=source)
    snapshots: list[tuple[Any, ...]] = []
    for what, value in run:
        before, depth = standing(session), len(session._undo)
        act(session, what, value)
        if len(session._undo) > depth:
            snapshots.append(before)
        elif snapshots and what == "observe":
            continue
    for before in reversed(snapshots):
        session.undo()
        assert standing(session) == before
    assert not session.can_undo


@modest
@given(watched_worlds(), runs, samples)
def test_a_wait_may_be_cut_in_pieces_in_real_time(world: World, run: list[tuple[str, Any]], sample: Sample) -> None:
    whole, in_pieces = Session(world, mode="real-time"), Session(world, mode="real-time")
    for session in (whole, in_pieces):
        session.observe(sample)
    for what, value in run:
        if what in ("wait", "travel"):
            spend = {"wait": (whole.wait, in_pieces.wait), "travel": (whole.travel, in_pieces.travel)}[what]
            spend[0](value)
            for piece in (value // 3, value // 5, 0, value - value // 3 - value // 5):
                spend[1](piece)
        else:
            act(whole, what, value)
            act(in_pieces, what, value)
    assert standing(in_pieces) == standing(whole)


@modest
@given(watched_worlds(), runs, samples)
def test_asking_for_what_never_changes_is_the_same_as_being_told_once(
    world: World, run: list[tuple[str, Any]], sample: Sample
) -> None:
    observing, asking = Session(world, mode="real-time"), Session(world, mode="real-time", evidence=lambda _: sample)
    observing.observe(sample)
    asking.observe(sample)
    for what, value in run:
        if what != "observe":
            act(observing, what, value)
            act(asking, what, value)
    assert standing(asking) == standing(observing)


@modest
@given(watched_worlds(), runs, sources)
def test_giving_up_what_plays_is_as_if_it_had_not_been_pressed(
    world: World, run: list[tuple[str, Any]], source: Script | None
) -> None:
    session = Session(world, mode="real-time", evidence=source)
    for what, value in run:
        act(session, what, value)
    session.finish()
    before = standing(session)
    can = names(session)
    if can:
        session.fire(can[0])
        session.wait(300)
        if (
            session.playing is not None
            and session.playing.at == before[1].clock
            and len(session.trace) == len(before[1])
        ):
            session.cancel()
            assert standing(session) == before


@modest
@given(watched_worlds(), wandering, sources)
def test_nothing_is_granted_used_or_moved_while_an_event_plays(
    world: World, run: list[tuple[str, Any]], source: Script | None
) -> None:
    session = Session(world, mode="real-time", evidence=source)
    for what, value in run:
        act(session, what, value)
        playing = session.playing
        if playing is not None:
            assert session.offers == session.hidden_offers == []
            before = run_of(session).now.playing.before.position  # type: ignore[union-attr]
            assert (session.flags, session.used) == (before.flags, before.used)
            assert playing.kind == "sequence" or session.state == before.state
            assert playing.until >= session.clock


@modest
@given(watched_worlds(), wandering, sources, st.sampled_from(["instant", "real-time"]))
def test_what_a_renderer_hears_adds_up_to_what_it_would_be_shown(
    world: World, run: list[tuple[str, Any]], source: Script | None, mode: Any
) -> None:
    session = Session(world, mode=mode, evidence=source)
    renderer = {"prompt": session.prompt_now, "line": session.line, "drive": session.controls}
    session.on("prompt", lambda h: renderer.update(prompt=h.text))
    session.on("line", lambda h: renderer.update(line=h.text))
    session.on("drive", lambda h: renderer.update(drive=h.controls))
    for what, value in run:
        if what in ("undo", "jump", "cancel", "retry"):
            continue
        act(session, what, value)
        assert renderer == {"prompt": session.prompt_now, "line": session.line, "drive": session.controls}
    texts = [prompt.text for prompt in session.prompts]
    assert texts[-1] == session.prompt_now
    assert all(one != two for one, two in pairwise(texts))


@modest
@given(watched_worlds(), wandering, sources)
def test_the_view_of_real_time_is_json(world: World, run: list[tuple[str, Any]], source: Script | None) -> None:
    import json

    session = Session(world, mode="real-time", evidence=source)
    for what, value in run:
        act(session, what, value)
    view_json = view(session, notices=notices_of(session.trace))
    assert json.loads(json.dumps(view_json, allow_nan=False)) == view_json
    assert repr(session)
    assert "<script" not in session._repr_html_()
