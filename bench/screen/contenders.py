"""What shows a graph: the editor with its kernel, and its peers with the same places and edges."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from peers.limits import Absent, command
from screen.chromium import HEIGHT, Screen, page
from screen.figures import Json, weights
from screen.kernel import ROOT, Kernel

HERE = Path(__file__).parent
STATIC = ROOT / "src" / "worldkit" / "widgets" / "static"
FLOW = HERE.parent / "peers" / "flow"
ESBUILD = ROOT / "widgets" / "node_modules" / ".bin" / "esbuild"
CARD = {"w": 280, "h": 168}
OPENING_ZOOM = 0.85
"""The zoom at which the editor opens a large world, at its entrance; a small one opens whole."""


class Contender(Protocol):
    """Something that shows a graph; its page offers what ``measure`` asks for as ``bench``."""

    def files(self) -> dict[str, bytes]:
        """Return the files of its page, by name."""

    def answer(self, message: bytes) -> bytes:
        """Return what is said of a message that the page posts."""

    def wait_until_ready(self, screen: Screen) -> None:
        """Return once the page has opened entirely and the keyboard is its."""

    def near(self, screen: Screen) -> None:
        """Bring the cards around the entrance into view, as large as they are read."""

    def overview(self, screen: Screen) -> None:
        """Bring everything into view."""

    def keys(self, screen: Screen, rounds: int) -> dict[str, list[Json]]:
        """Return what keys that change something took, as ``Screen.key`` says it."""


class Editor:
    """The built editor with the real session behind it."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel

    def files(self) -> dict[str, bytes]:
        files = {name: (STATIC / name).read_bytes() for name in ("editor.js", "editor.css")}
        own = {"stand.js": (HERE / "stand.js").read_bytes(), "seed.json": self.kernel.seed.encode()}
        return page("stand.js") | files | own

    def answer(self, message: bytes) -> bytes:
        return self.kernel.answer(message)

    def wait_until_ready(self, screen: Screen) -> None:
        screen.page.wait_for_function("bench.answered('hello').length > 0")
        screen.ask("probe.painted()")
        screen.ask("bench.focus()")

    def near(self, screen: Screen) -> None:
        if screen.ask("bench.near()") is None:
            screen.ask("bench.focus()")
            # the entrance, as large as it gets; nothing stays selected; two steps back, to about OPENING_ZOOM
            for key in ("ArrowRight", "z", "Escape", "-", "-"):
                screen.page.keyboard.press(key)
                screen.ask("bench.rest()")

    def overview(self, screen: Screen) -> None:
        screen.ask("bench.focus()")
        screen.page.keyboard.press("f")
        screen.ask("bench.rest()")

    def keys(self, screen: Screen, rounds: int) -> dict[str, list[Json]]:
        took: dict[str, list[Json]] = {"delete": [], "undo": [], "new state": []}

        def press(what: str, key: str) -> None:
            screen.ask("bench.rest()")
            screen.ask("bench.focus()")
            before = screen.ask("bench.changes()")
            took[what].append(screen.key(key, f"bench.changes() > {before}"))

        for _ in range(rounds):
            at = screen.ask("bench.near()")
            screen.page.mouse.click(at["x"], at["y"])
            press("delete", "Delete")
            press("undo", "Control+z")
        for _ in range(rounds):
            press("new state", "n")
            press("undo", "Control+z")
        return took


@dataclass(frozen=True)
class Peer:
    """A library on a page of its own: its script's name, and the seed that the editor gets."""

    script: str
    seed: Json

    def files(self) -> dict[str, bytes]:
        files = {file.name: file.read_bytes() for file in (FLOW / "out").iterdir()}
        styles = [name for name in files if name == f"{self.script}.css"]
        graph = json.dumps(peer_graph(self.seed)).encode()
        return page(f"{self.script}.js", styles) | files | {"graph.json": graph}

    def answer(self, message: bytes) -> bytes:
        return b"[]"

    def wait_until_ready(self, screen: Screen) -> None:
        screen.ask("probe.painted()")

    def near(self, screen: Screen) -> None:
        """Do nothing: the page opens there."""

    def overview(self, screen: Screen) -> None:
        screen.ask("bench.overview()")
        screen.ask("probe.painted()")

    def keys(self, screen: Screen, rounds: int) -> dict[str, list[Json]]:
        took = []
        for _ in range(rounds):
            at = screen.ask("bench.near()")
            screen.page.mouse.click(at["x"], at["y"])
            screen.ask("probe.painted()")
            took.append(screen.key("Delete", f"bench.gone({json.dumps(at['id'])})"))
        return {"delete": took}


def peer_graph(seed: Json) -> Json:
    """Return the nodes and edges of a seed as the peers get them, and the view in which a card is dragged."""
    places, scene = seed["layout"], seed["world"]["scene"]
    start = seed["world"]["entrance"]["state"]
    x, y = places[start]
    return {
        "card": CARD,
        "start": start,
        "view": {"x": 40 - x * OPENING_ZOOM, "y": HEIGHT / 2 - (y + CARD["h"] / 2) * OPENING_ZOOM, "k": OPENING_ZOOM},
        "nodes": [{"id": id, "x": at[0], "y": at[1]} for id, at in places.items()],
        "edges": [
            {"id": event["name"], "source": source, "target": event["to"]}
            for event in scene["events"]
            for source in event["from"]
        ],
    }


def build_peers() -> Json:
    """Install the peers where they are missing and bundle their pages; return the bundles' bytes and versions.

    Raises:
        Absent: Something that is needed for it is not here.
    """
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            raise Absent(f"no {program} on this machine (Node 20 or newer)")
    if not ESBUILD.exists():
        raise Absent("the widgets' tools are not installed; run: make widgets")
    try:
        if not (FLOW / "node_modules" / "cytoscape").is_dir():
            command(("npm", "ci", "--no-audit", "--no-fund"), FLOW, 240)
        options = ("--bundle", "--minify", "--format=esm", "--jsx=automatic", "--outdir=out")
        production = '--define:process.env.NODE_ENV="production"'
        command((str(ESBUILD), "flow.jsx", "cytoscape.js", *options, production), FLOW, 60)
    except Exception as error:
        raise Absent(f"the peers could not be installed and bundled: {error}") from error
    versions = {}
    for name in ("@xyflow/react", "react", "cytoscape"):
        versions[name] = json.loads((FLOW / "node_modules" / name / "package.json").read_text())["version"]
    return {"versions": versions, "bundles": weights(FLOW / "out")}
