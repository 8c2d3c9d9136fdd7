"""Reading, and what reading speeds up, on a world of 1,000 states and 5,000 events; and hostile texts. Prints JSON.

Also 10,000 states and 20,000 events explored, saved, and edited with lint and with exploring again; the picture of 100
states that were drawn before; and a local store beside SQLite itself, both with worlds of six states and every write on
the disk.

python bench/reading.py [--against SRC] [--rounds N]     --against measures another version's src too

Milliseconds of the processor, the median of the rounds; each round is a process of its own, the versions alternate.
"""

from __future__ import annotations

import argparse
import functools
import gc
import itertools
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

STATES, EVENTS, FLAGS = 1000, 5000, 20
REPETITIONS = 5


def milliseconds(call: Callable[..., Any], text: Callable[[], tuple[Any, ...]] = lambda: ()) -> float:
    """Return the median of some calls, each with what is made anew for it."""
    times = []
    for _ in range(REPETITIONS):
        arguments = text()
        gc.collect()
        began = time.process_time()
        call(*arguments)
        times.append(time.process_time() - began)
    return 1000 * statistics.median(times)


def large_figures() -> dict[str, float]:
    """Return the figures of a world of 10,000 states and 20,000 events; the first ones with nothing else in memory."""
    import worldkit as wk
    from worldkit.exploration import reuse
    from worldkit.ruleset.checked_world import CheckedWorld
    from worlds import world

    text = json.dumps(world(10_000, 20_000, FLAGS))

    def fresh() -> tuple[Any, ...]:
        reuse.forget()
        return (wk.load(text),)

    figures = {
        "explore 10,000 states": milliseconds(wk.explore, fresh),
        "load 10,000 states": milliseconds(lambda: wk.load(text)),
    }
    base = wk.load(text)
    figures["to_json of 10,000 states"] = milliseconds(base.to_json)
    state, event, numbers = list(base.states)[5000], base.events[7000].name, itertools.count()

    def edited() -> tuple[Any, ...]:
        value = f"Rain, {next(numbers)}."
        return (base.apply([{"op": "set_field", "state": state, "field": "base", "value": value}]),)

    exploration = wk.explore(base)  # kept while what edits make of the world is explored
    figures["explore 10,000 states after an edit of words"] = milliseconds(wk.explore, edited)
    del exploration
    checker = CheckedWorld(base)
    for what, op in (
        ("words", {"op": "set_field", "state": state, "field": "base", "value": "Rain on the glass."}),
        ("an event", {"op": "update_event", "name": event, "patch": {"requires": ["flag_1"]}}),
        ("a new state", {"op": "add_state", "id": "brand_new", "base": "A new room."}),
        ("a deleted state", {"op": "delete_state", "id": state}),
    ):
        edit = functools.partial(base.apply, [op])
        figures[f"edit 10,000 states, with lint: {what}"] = milliseconds(lambda edit=edit: checker.after(edit()))
    return figures


def store_figures() -> dict[str, float]:
    """Return the figures of a local store and of SQLite itself: medians of 100 calls, each with another world."""
    import worldkit as wk
    from worlds import world

    texts = [json.dumps(world(6, 12, 2, seed)) for seed in range(201)]
    worlds = [wk.load(text) for text in texts]
    with tempfile.TemporaryDirectory() as folder:
        store = wk.Store(f"{folder}/worlds.db")
        ids = [store.create(worlds[0]).id]
        create = _median(lambda at: ids.append(store.create(worlds[at]).id), range(1, 101))
        with store.transaction():
            inside = _median(lambda at: store.create(worlds[at]), range(101, 201))
        reopened_store = wk.Store(f"{folder}/worlds.db")
        reopened_store.get(ids[0])
        get = _median(lambda at: reopened_store.get(ids[at]), range(1, 101))
        create_many = _median(lambda _: store.create_many(worlds[1:101]), range(5)) / 100
        get_many = _median(lambda _: [*reopened_store.get_many(ids[1:101])], range(5)) / 100
        connection = sqlite3.connect(f"{folder}/raw.db")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("CREATE TABLE worlds (id INTEGER PRIMARY KEY, body TEXT)")

        def insert(at: int) -> None:
            connection.execute("INSERT INTO worlds VALUES (?, ?)", (at, json.dumps(worlds[at].to_dict())))
            connection.commit()

        def select(at: int) -> None:
            wk.load(connection.execute("SELECT body FROM worlds WHERE id = ?", (at,)).fetchone()[0])

        raw_insert, raw_select = _median(insert, range(1, 101)), _median(select, range(1, 101))
        connection.close()
        reopened_store.close()
        store.close()
    return {
        "Store.create": create,
        "Store.create in a transaction": inside,
        "Store.create_many of 100, for each": create_many,
        "Store.get": get,
        "Store.get_many of 100, for each": get_many,
        "SQLite: insert and commit": raw_insert,
        "SQLite: select and load": raw_select,
    }


def _median(call: Callable[[int], object], places: range) -> float:
    times = []
    for at in places:
        began = time.process_time()
        call(at)
        times.append(time.process_time() - began)
    return 1000 * statistics.median(times)


def figures() -> dict[str, float]:
    """Return the figures of the version that is imported."""
    import worldkit as wk
    from worldkit.core import json_values
    from worldkit.playing.transition_table import table_of
    from worldkit.widgets import parsing
    from worlds import edits, world

    document = world(STATES, EVENTS, FLAGS)
    text = json.dumps(document)
    base = wk.load(text)
    ours = wk.load(base.apply(edits(document, 100)).to_json())
    theirs = wk.load(base.apply(edits(document, 60)).to_json())
    session = wk.Session(wk.samples.load("bench"))
    body = f'{{"{"k" * 100_000}": [{"1," * 50_000}1], "prose": "she said\\":"}}'
    message = {"type": "edit", "base": "0", "ops": [{"op": "x", "k" * 100_000: [1] * 50_000}]}

    def fresh() -> tuple[Any, ...]:
        return (wk.load(text),)

    picture_world = wk.load(world(100, 200, 5))
    picture_world.to_svg()
    return {
        **large_figures(),
        "picture of 100 states": milliseconds(picture_world.to_svg),
        **store_figures(),
        "load": milliseconds(lambda: wk.load(text)),
        "load, typed": milliseconds(lambda: wk.load(text).scene),
        "diff of 100 edits": milliseconds(lambda: wk.diff(base, ours)),
        "merge": milliseconds(lambda: wk.merge(base, ours, theirs)),
        "compile": milliseconds(table_of, fresh),
        "explore": milliseconds(wk.explore, fresh),
        "1,000 waits": milliseconds(lambda: [session.wait(1) for _ in range(1000)]),
        "a body of 0.2 MB with a long key": milliseconds(lambda: json_values.parse(body)),
        "a message of 0.2 MB with a long key": milliseconds(lambda: parsing.read_editor(message)),
    }


def measure(source: str) -> dict[str, float]:
    """Return the figures of a version, by where its ``src`` is."""
    environment = {**os.environ, "PYTHONPATH": source}
    process = subprocess.run(
        [sys.executable, __file__, "--once"], env=environment, check=True, capture_output=True, text=True
    )
    figures: dict[str, float] = json.loads(process.stdout)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--against", metavar="SRC")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--once", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.once:
        print(json.dumps(figures()))
        return
    sources = {"here": str(Path(__file__).parents[1] / "src")}
    if options.against:
        sources["against"] = options.against
    rounds: dict[str, list[dict[str, float]]] = {name: [] for name in sources}
    for _ in range(options.rounds):
        for name, source in sources.items():
            rounds[name].append(measure(source))
    medians = {
        name: {what: statistics.median(one[what] for one in samples) for what in samples[0]}
        for name, samples in rounds.items()
    }
    report: dict[str, Any] = {
        name: {what: round(ms, 2) for what, ms in samples.items()} for name, samples in medians.items()
    }
    if options.against:
        ours, other = medians["here"], medians["against"]
        report["here / against"] = {what: round(ours[what] / other[what], 2) for what in ours}
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
