"""Print the worlds that ``generate.py quality --save`` kept, as Markdown, to be read.

python bench/print_worlds.py FILE [NUMBER ...]     all of them, or those of these numbers, from 1
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Json = dict[str, Any]


def lines_of(entry: Json) -> Iterator[str]:
    """Yield the lines of a world, with what it took."""
    yield f'Premise: "{entry["premise"]}" {entry["seconds"]:.0f} s, {entry.get("tokens", 0):,} tokens.'
    if "world" not in entry:
        yield f"No world: {entry['error']}"
        return
    world = entry["world"]
    subject, air = world.get("subject", ""), world.get("styleTail", "")
    yield f"## {world['name']}"
    yield f"*{world.get('description', '')}*"
    yield f"`subject`: {subject}  \n`styleTail`: {air}"
    for id, state in world["scene"]["states"].items():
        yield _state(id, state, subject, air)
        if events := [_event(event, subject, air) for event in world["scene"]["events"] if id in event["from"]]:
            yield "\n".join(events)


def _state(id: str, state: Json, subject: str, air: str) -> str:
    ending = state.get("ending")
    title = f" ({ending['kind']}: {ending['title']}. {ending.get('subtitle', '')})" if ending else ""
    text = f"**{id}**{title}. {_own(state['base'], subject, air)}{_narration(state)}"
    cameras, movements = state.get("camera") or {}, state.get("movement") or {}
    for name, pair in (("Camera", cameras), ("Movement", movements)):
        if pair:
            text += f"\n{name}: {' / '.join(pair.values())}"
    return text + (f"\nAmbient: {' / '.join(state['ambient'])}" if state.get("ambient") else "")


def _event(event: Json, subject: str, air: str) -> str:
    target = f"to {event['to']}" if event.get("to") else "stays"
    flags = "".join(f", {word} {', '.join(event[key])}" for key, word in (("requires", "needs"), ("grants", "grants"))
                    if event.get(key))  # fmt: skip
    label = event.get("detail") or event["name"]
    text = f"- *{label}* ({target}{flags}). {_own(event.get('base', ''), subject, air)}{_narration(event)}"
    text += f" Locked: {event['lockedHint']}" if event.get("lockedHint") else ""
    steps = [f"{step['base']} [{step.get('camera', '')}]" for step in event.get("phases", ())]
    return text + (f" Steps: {' '.join(steps)}" if steps else "")


def _own(text: str, subject: str, air: str) -> str:
    return " ".join(text.replace(subject, "", 1).replace(air, "", 1).split()) if subject else text


def _narration(part: Json) -> str:
    return f" *{part['narration']}*" if part.get("narration") else ""


def main() -> None:
    """Print the worlds."""
    path, *numbers = sys.argv[1:]
    for number, line in enumerate(Path(path).read_text(encoding="utf-8").splitlines(), 1):
        if not numbers or str(number) in numbers:
            print("\n\n".join(lines_of(json.loads(line))), end="\n\n")


if __name__ == "__main__":
    main()
