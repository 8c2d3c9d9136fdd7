"""Exhaustive and random play against their peers, in one run; prints JSON, and a table on standard error.

python bench/play.py [--worlds hub-200 ...] [--peers Spin ...] [--limit 60] [--memory 6] [--rounds 7]
                     [--choicescript CHECKOUT]
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

sys.path.insert(0, str(Path(__file__).parent))

import worldkit as wk
from peers import PEERS, ROUTE_PEERS, Outcome, ask, game
from peers.limits import Starved, TimeUp
from peers.plays import randomtest, stepping
from shapes import shape
from worldkit.exploration import Budget, build_system
from worldkit.exploration.budget import Meter, run_to_end
from worldkit.exploration.engine import solve
from worldkit.exploration.explicit_search import ExplicitSearch
from worldkit.exploration.quotient import quotient_of
from worldkit.exploration.reuse import forget

Json = dict[str, Any]
T = TypeVar("T")

WORLDS: dict[str, tuple[Any, ...]] = {
    "archive": (),
    "hub-50": ("hub", 50, 150, 12),
    "hub-200": ("hub", 200, 800, 16),
    "hub-1000": ("hub", 1000, 5000, 20),
    "hub-1000, 60 one-shots": ("hub", 1000, 5000, 20, 60),
    "chapters-60": ("chapters", 1000, 5000, 60),
    "tangled-24": ("tangled", 1000, 5000, 24),
}
"""The worlds by name, as arguments of ``shape``; the archive is the sample of that name."""

PLAYS, STEPS, PLAYED = 10_000, 200, ("hub", 50, 150, 12, 0, 4)
"""Random play; of the first twelve seeds this is the world in which runs are longest."""

SEARCH_BUDGET = Budget(seconds=120.0, memory=4 << 30)


def document(name: str) -> Json:
    """Return a world of the comparison."""
    return shape(*WORLDS[name]) if WORLDS[name] else wk.samples.load("archive").to_dict()


def time_call(prepare: Callable[[], T], call: Callable[[T], Any], rounds: int) -> tuple[Json, Any]:
    """Return the times of so many calls in ms, each on what was freshly prepared, and the last result.

    Times are processor time, for us as for the peers (see ``peers.limits``), of all threads; the least by the clock
    on the wall stands beside them. Ratios and goals take the median: a peer that runs for long has one round only.
    A call that takes longer than two seconds is made once.
    """
    times: list[float] = []
    walls: list[float] = []
    result = None
    while len(times) < rounds and max(walls, default=0.0) < 2000:
        fresh = prepare()
        forget()
        gc.collect()
        start, wall = time.process_time(), time.perf_counter()
        result = call(fresh)
        times.append((time.process_time() - start) * 1e3)
        walls.append((time.perf_counter() - wall) * 1e3)
    summary = {"min_ms": min(times), "median_ms": statistics.median(times), "wall_min_ms": min(walls)}
    return {key: round(value, 2) for key, value in summary.items()}, result


def against(outcome: Outcome, ours_ms: float) -> str:
    """Return how many times as long a peer took; where its time was up, the ratio it has at least; "-" for no ratio."""
    if not outcome.seconds:
        return "-"
    ratio = outcome.seconds * 1e3 / ours_ms
    text = f"{ratio:,.0f}x" if ratio >= 10 else f"{ratio:.1f}x"
    return text if outcome.answer is not None else f"> {text}"


def time_counting(result: wk.Exploration, rounds: int) -> Json:
    """Return how long it takes to count the positions of a world once it is explored."""
    return time_call(lambda: wk.explore(result.world), lambda fresh: fresh.positions, rounds)[0]


def brief(number: int) -> str:
    """Return a number in full, or its size when it is long."""
    text = str(number)
    return f"{number:,}" if len(text) <= 15 else f"{text[0]}.{text[1]}e{len(text) - 1}"


def agree(name: str, peer: str, outcome: Outcome, result: wk.Exploration) -> None:
    """Stop the whole comparison when a peer that finished has found something else."""
    findings = outcome.answer
    if findings is None or not result.complete:
        return
    lengths = None if findings.lengths is None else len(findings.lengths)
    for what, theirs, own in (
        ("classes", findings.positions, result.classes),
        ("soft-locked classes", findings.stuck, result.stuck_classes),
        ("endings", lengths, len(result.endings)),
    ):
        if theirs is not None and theirs != own:
            raise SystemExit(f"{name}: {peer} found {theirs:,} {what}, worldkit {own:,}; no time means anything now")


def compare_peers(name: str, peers: list[str], limit: float, memory: int, rounds: int) -> Json:
    """Return our time for every question about one world, and every peer's."""
    world_document = document(name)
    text = json.dumps(world_document)
    ours, result = time_call(lambda: wk.load(text), wk.explore, rounds)
    again, _ = time_call(lambda: result.world, wk.explore, rounds)
    peer_game = game(world_document, build_system(result.world).one_shots)
    rows: Json = {}
    for peer in peers:
        outcome = ask(peer, peer_game, limit, memory)
        agree(name, peer, outcome, result)
        # a peer would have answered everything: no ratio to an answer that is not complete
        rows[peer] = outcome.to_json() | {"ratio": against(outcome, ours["median_ms"]) if result.complete else "-"}
        say(f"  {name}: {peer}: {outcome.why or f'{outcome.seconds:.4g} s'}")
    return {
        "states": peer_game.states,
        "events": len(world_document["scene"]["events"]),
        "bits": peer_game.width,
        "engine": result.engine,
        "complete": result.complete,
        "classes": result.classes,
        "stuck": result.stuck_classes,
        "positions": result.positions,
        "positions complete": result.positions_complete,
        "count": time_counting(result, rounds),
        "worldkit": ours,
        "worldkit, again": again,
        "peers": rows,
    }


def time_search(rounds: int) -> Json:
    """Return the speed of our explicit search alone, on hub-200, soft-locks included.

    It takes states joined by free moves together, so one flag set of a group stands for several classes.
    """
    system = build_system(wk.load(document("hub-200")))
    took, answer = time_call(lambda: system, lambda ready: solve(ready, SEARCH_BUDGET, engine="search"), min(3, rounds))
    assert answer.engine == "search" and answer.classes, "the search did not finish"
    search = ExplicitSearch(quotient_of(system))
    meter = Meter("search", time.perf_counter() + SEARCH_BUDGET.seconds)
    run_to_end(search.forwards(1 << 62, SEARCH_BUDGET.memory, meter))
    return took | {
        "flag sets of groups": search.pairs,
        "classes": answer.classes,
        "classes/s": round(answer.classes / took["median_ms"] * 1e3),
    }


def time_routes(limit: float, memory: int, rounds: int) -> Json:
    """Return our time for the shortest routes to all endings, after exploring and with it, and the peers' times.

    Peers start from nothing, so their ratio is to exploring and routes together. Packed Python finds soft-locks
    as well.
    """
    report: Json = {"peers": {}}
    for name, peers in (("hub-50", tuple(ROUTE_PEERS)), ("hub-200", ("packed Python", *ROUTE_PEERS))):
        world_document = document(name)
        text = json.dumps(world_document)
        own, routes = time_call(lambda: wk.explore(wk.load(text)), lambda result: dict(result.routes), rounds)  # noqa: B023
        total, _ = time_call(lambda: wk.load(text), lambda world: dict(wk.explore(world).routes), rounds)  # noqa: B023
        report[name] = {"routes": own, "explore and routes": total}
        steps = sorted(len(route.events) for route in routes.values())
        for peer in peers:
            outcome = ask(peer, game(world_document), limit, memory)
            if outcome.answer is not None and outcome.answer.lengths is not None:
                assert sorted(outcome.answer.lengths.values()) == steps, f"{name}: a route is not shortest"
            row = outcome.to_json() | {"ratio": against(outcome, total["median_ms"])}
            report["peers"][f"{peer}, {name}"] = row
    return report


def played_at_random(checkout: Path | None, limit: float, rounds: int) -> Json:
    """Return the times of random play: ours, the stepper's one call at a time, ChoiceScript's."""
    world_document = shape(*PLAYED)
    text = json.dumps(world_document)
    ours, result = time_call(
        lambda: wk.load(text), lambda world: wk.playtest(world, PLAYS, steps=STEPS, seed=0), rounds
    )
    speed = result.total_steps / ours["median_ms"] * 1e3
    seconds, steps = stepping(wk.load(text), PLAYS // 50, STEPS)
    report: Json = {
        "plays": PLAYS,
        "steps": result.total_steps,
        "worldkit": ours | {"steps/s": round(speed)},
        "Session": {"steps/s": round(steps / seconds), "ratio of steps/s": round(speed / (steps / seconds), 1)},
    }
    if checkout is None:
        report["ChoiceScript"] = {"why": "skipped: no registry holds it; --choicescript takes a checkout"}
        return report
    try:
        took = randomtest(game(world_document), checkout, PLAYS, STEPS, limit)
        report["ChoiceScript"] = {"seconds": round(took, 3), "ratio": f"{took * 1e3 / ours['median_ms']:.1f}x"}
    except TimeUp:
        report["ChoiceScript"] = {"why": f"> {limit:g} s", "ratio": f"> {limit * 1e3 / ours['median_ms']:.1f}x"}
    except Starved as starved:
        report["ChoiceScript"] = {"why": str(starved)}
    return report


def time_loop(rounds: int) -> Json:
    """Return the time from an edit of hub-1000 to its lint and its exhaustive play."""
    base = wk.load(document("hub-1000"))
    base.lint()
    wk.explore(base)
    events = base.events
    edits = iter(range(rounds))

    def loop(number: int) -> Json:
        op = {"op": "update_event", "name": events[2000 + number].name, "patch": {"to": f"place_{100 + number}"}}
        began = time.process_time()
        world = base.apply([op])
        apply_end = time.process_time()
        world.lint()
        lint_end = time.process_time()
        wk.explore(world)
        explore_end = time.process_time()
        return {
            "apply_ms": round((apply_end - began) * 1e3, 2),
            "lint_ms": round((lint_end - apply_end) * 1e3, 2),
            "explore_ms": round((explore_end - lint_end) * 1e3, 2),
        }

    took, parts = time_call(lambda: next(edits), loop, rounds)
    return took | {"last": parts}


def goals(report: Json) -> list[Json]:
    """Return what was aimed at beside what came out, for the parts that were run."""
    results: list[Json] = []

    def goal(what: str, limit: float, figure: float, above: bool = False) -> None:
        is_met = figure >= limit if above else figure <= limit
        results.append({"goal": what, "aim": limit, "figure": round(figure, 2), "met": is_met})

    worlds = report["worlds"]
    for name, most in (("archive", 20), ("hub-1000", 50), ("chapters-60", 100)):
        if name in worlds:
            goal(f"explore {name}, ms", most, worlds[name]["worldkit"]["median_ms"])
    if "hub-200" in worlds:
        for peer, least in (("networkx", 1000), ("Spin", 100)):
            row = worlds["hub-200"]["peers"].get(peer, {"ratio": "-"})
            if row["ratio"] != "-":
                ratio = row["seconds"] * 1e3 / worlds["hub-200"]["worldkit"]["median_ms"]
                goal(f"times as fast as {peer} on hub-200", least, ratio, above=True)
    if "search" in report:
        goal("million classes/s of explicit search", 1, report["search"]["classes/s"] / 1e6, above=True)
        goal("all shortest routes of hub-200, ms", 150, report["routes"]["hub-200"]["routes"]["median_ms"])
        goal("10,000 random plays, s", 0.5, report["random"]["worldkit"]["median_ms"] / 1e3)
        goal("edit, lint, explore of hub-1000, ms", 150, report["loop"]["median_ms"])
    return results


def say(text: str) -> None:
    """Write for whoever watches; the report itself goes to standard output."""
    print(text, file=sys.stderr, flush=True)


def table(report: Json) -> str:
    """Return the report as tables of Markdown."""
    names = list(dict.fromkeys(peer for world in report["worlds"].values() for peer in world["peers"]))
    lines = [
        "| world | states / events / bits | classes | soft-locked | worldkit, ms (least) | positions | counted, ms | "
        + " | ".join(names)
        + " |",
        "| --- " * (7 + len(names)) + "|",
    ]
    for name, world in report["worlds"].items():
        size = f"{world['states']:,} / {world['events']:,} / {world['bits']}"
        counts = [f"{n:,}" if n is not None else "not decided" for n in (world["classes"], world["stuck"])]
        if not world["complete"]:
            counts[0] = f"at least {counts[0]}"
        own = f"{world['worldkit']['median_ms']:.3g} ({world['worldkit']['min_ms']:.3g})"
        positions = f"{'' if world['positions complete'] else 'at least '}{brief(world['positions'])}"
        cells = [positions, f"{world['count']['median_ms']:.3g}"]
        for peer in names:
            row = world["peers"].get(peer, {"seconds": 0.0, "ratio": "-"})
            took = row.get("why") or f"{row['seconds']:.3g} s"
            cells.append(took if row["ratio"] == "-" else f"{took}, {row['ratio']}")
        lines.append("| " + " | ".join([name, size, *counts, own, *cells]) + " |")
    lines += ["", "| aim | figure | goal | met |", "| --- | --- | --- | --- |"]
    for goal in report["goals"]:
        lines.append(f"| {goal['goal']} | {goal['figure']:,} | {goal['aim']:,} | {'yes' if goal['met'] else 'no'} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", nargs="*", choices=list(WORLDS), default=list(WORLDS))
    parser.add_argument("--peers", nargs="*", choices=list(PEERS), default=list(PEERS))
    parser.add_argument("--limit", type=float, default=60.0, help="seconds of processor time a peer may take")
    parser.add_argument("--memory", type=float, default=6.0, help="GiB a peer may take")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--choicescript", type=Path, help="a checkout of ChoiceScript, for its randomtest")
    parser.add_argument("--only-worlds", action="store_true", help="leave out search, routes, random play and the loop")
    options = parser.parse_args()
    memory = int(options.memory * (1 << 30))
    report: Json = {
        "machine": {
            "python": platform.python_version(),
            "cpu": platform.machine(),
            "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
            "system": platform.system(),
            "load at start": os.getloadavg(),
        },
        "limit_s": options.limit,
        "worlds": {
            name: compare_peers(name, options.peers, options.limit, memory, options.rounds) for name in options.worlds
        },
    }
    if not options.only_worlds:
        say("  search, routes, random play, loop")
        report["search"] = time_search(options.rounds)
        report["routes"] = time_routes(options.limit, memory, options.rounds)
        report["random"] = played_at_random(options.choicescript, options.limit, options.rounds)
        report["loop"] = time_loop(options.rounds)
    report["machine"]["load at end"] = os.getloadavg()
    report["goals"] = goals(report)
    say(table(report))
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
