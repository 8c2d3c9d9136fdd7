"""A world as Mermaid text, which code hosts and JupyterLab draw.

A flowchart rather than a state diagram: its quoted labels can hold any text, where ``stateDiagram-v2`` breaks
on colons, quotes and some words. Ids never reach the text; nodes are ``s0``, ``s1`` and so on.
Mermaid, "Flowcharts: special characters that break syntax" and "entity codes to escape characters".
"""

from __future__ import annotations

import re

from worldkit.core.characters import shorten
from worldkit.core.document import Document
from worldkit.core.ending_tone import ending_tone
from worldkit.core.spoken_names import event_heading, heading
from worldkit.layout.moves import MapMove, moves
from worldkit.layout.text import clean

_MAX_LENGTH = 80

_UNESCAPED = re.compile(r"[A-Za-z0-9 ,!?/()\u2026\u0300-\U0010ffff]|(?<=[A-Za-z0-9])[-_'](?=[A-Za-z0-9])")


def to_mermaid(world: Document) -> str:
    """Return the graph of a world as a Mermaid flowchart, left to right.

    States and events are called what players read. The entrance is a stadium, endings are hexagons with their kind;
    moves that need flags name them; moves without a button or with a timer are dotted; edges name their cutscene.

    Returns:
        Mermaid text; names in it are escaped, so that no name can break or add to the diagram.
    """
    node_of = {id: f"s{index}" for index, id in enumerate(world.states)}
    lines = ["flowchart LR"]
    for id, state in world.states.items():
        label = _escape(heading(id))
        if state.ending:
            tone = ending_tone(state.ending.kind)
            lines.append(f'    {node_of[id]}{{{{"{label}<br/>{_escape(state.ending.kind)}"}}}}:::{tone}')
        elif id == world.start:
            lines.append(f'    {node_of[id]}(["{label}"]):::start')
        else:
            lines.append(f'    {node_of[id]}["{label}"]')
    for move in moves(world):
        is_dotted = move.event.hidden or move.event.auto_after_ms is not None
        arrow = "-.->" if is_dotted else "-->"
        lines.append(f'    {node_of[move.source]} {arrow}|"{_edge_text(move)}"| {node_of[move.target]}')
    lines += [
        "    classDef start stroke:#4a56c8,stroke-width:2px",
        "    classDef win stroke:#1f7a4d,stroke-width:2px",
        "    classDef lose stroke:#b0392f,stroke-width:2px",
    ]
    if any(state.ending and ending_tone(state.ending.kind) == "other" for state in world.states.values()):
        lines.append("    classDef other stroke:#565e6a,stroke-width:2px")
    return "\n".join(lines) + "\n"


def _edge_text(move: MapMove) -> str:
    event = move.event
    notes = []
    if event.requires:
        notes.append("needs " + ", ".join(_escape(flag) for flag in event.requires))
    if move.cutscene is not None:
        notes.append("cutscene " + _escape(move.cutscene))
    return "<br/>".join([_escape(event_heading(event)), *notes])


def _escape(text: str) -> str:
    """Return a text for double quotes, with everything that Mermaid or Markdown may interpret as entity codes."""
    line = clean(text, 400)
    line = shorten(line, _MAX_LENGTH)
    escaped_chars = (char if _UNESCAPED.match(line, index) else f"#{ord(char)};" for index, char in enumerate(line))
    return "".join(escaped_chars) or "#160;"
