"""The script of a world as a document in Markdown, to be read and printed: scene by scene, with what can be done there.

Text of a world is escaped, so that nothing in it is markup.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from worldkit.core.document import Document, json_of
from worldkit.core.prose import READERS, ProseText, Reader, check_readers, count_words
from worldkit.core.quoting import escape_unprintable
from worldkit.core.spoken_names import heading
from worldkit.interop.script import texts_on_sheet

_MARKUP_SIGN = re.compile(r"[\\`*_{}\[\]<>#|~&^$@]")  # the last three are signs of pandoc
_LIST_SIGN = re.compile(r"^(?:[-+=]|\d+(?=[.)]))")
_FIELDS_WITH_OWN_FORM = ("base", "narration", "detail", "ending")
"""Fields whose texts have a form of their own; others stand in a list, with their names."""


def to_markdown(world: Document, readers: Collection[Reader] = READERS) -> str:
    """Return the script of a world as Markdown.

    Args:
        readers: Whose texts it has.

    Raises:
        WrongArgument: There is no such reader.
    """
    check_readers(readers)
    raw = json_of(world)
    texts: dict[tuple[str, int], list[ProseText]] = {}
    for text in texts_on_sheet(raw):
        if text.reader in readers and text.text.strip():
            texts.setdefault((text.kind, text.number), []).append(text)
    blocks = [f"# {_line(raw.get('name') or 'Untitled world')}"]
    blocks += _listed(text for text in texts.get(("world", 0), ()) if text.path != ("name",))
    events = raw["scene"]["events"]
    numbers_by_state: dict[str, list[int]] = {}
    for number, event in enumerate(events):
        for source in dict.fromkeys(_sources(event)):
            numbers_by_state.setdefault(source, []).append(number)
    told_events: set[int] = set()
    counts: list[tuple[str, Counter[str]]] = []

    def tell(title: str, scene: Iterable[str], own_texts: Iterable[ProseText], numbers: Sequence[int]) -> None:
        """Add a scene and what can be done there; the texts of an event stand where it is offered first."""
        scene_texts, choices = list(own_texts), list[str]()
        for number in numbers:
            event_texts, is_new = texts.get(("event", number), []), number not in told_events
            choices += _choice(events[number], event_texts, is_new=is_new)
            scene_texts += event_texts if is_new else ()
            told_events.add(number)
        blocks.extend((f"## {title}", *scene, *(["\n".join(choices)] if choices else [])))
        counts.append((title, _counted(scene_texts)))

    for number, id in enumerate(raw["scene"]["states"]):
        own_texts = texts.get(("state", number), [])
        tell(_line(heading(id)), _scene(raw, id, own_texts), own_texts, numbers_by_state.get(id, ()))
    if left_over := [number for number in range(len(events)) if number not in told_events]:
        tell("Offered in no scene", (), (), left_over)
    blocks.append("\n".join(_count_table(counts, [reader for reader in READERS if reader in readers])))
    return "\n\n".join(blocks) + "\n"


def _scene(raw: Mapping[str, Any], id: str, texts: Sequence[ProseText]) -> Iterator[str]:
    if (raw.get("entrance") or {}).get("state") == id:
        yield "*The story begins here.*"
    yield from (_paragraphs(text.text) for text in texts if text.path == ("base",))
    yield from (_paragraphs(text.text, "> ") for text in texts if text.path == ("narration",))
    ending = raw["scene"]["states"][id].get("ending")
    if ending:
        words = [_line(text.text) for text in texts if text.path[0] == "ending"]
        yield f"**The end ({_line(ending['kind'])}).** {' – '.join(words)}".rstrip()
    yield from _listed(text for text in texts if text.path[0] not in _FIELDS_WITH_OWN_FORM)


def _choice(event: Mapping[str, Any], texts: Sequence[ProseText], *, is_new: bool) -> Iterator[str]:
    """Yield the lines of an event, with its texts where it is new."""
    label = next((text.text for text in texts if text.path == ("detail",)), None) or heading(event["name"])
    target = f" → {_line(heading(event['to']))}" if event.get("to") else ""
    notes = [
        *(["by itself, without a button"] if event.get("hidden") else []),
        *([f"after {event['autoAfterMs'] / 1000:g} s"] if event.get("autoAfterMs") else []),
        *(["once"] if event.get("oneShot") else []),
        *([f"needs {_names(event['requires'])}"] if event.get("requires") else []),
        *([f"gives {_names(event['grants'])}"] if event.get("grants") else []),
    ]
    in_parentheses = f" ({'; '.join(notes)})" if notes else ""
    yield f"- **{_line(label)}**{target}{in_parentheses}"
    for text in texts if is_new else ():
        if text.path == ("narration",):
            yield _paragraphs(text.text, "  > ")
        elif text.path != ("detail",):
            yield f"  - {_path(text)}: {_line(text.text)}"


def _listed(texts: Iterable[ProseText]) -> list[str]:
    lines = [f"- {_path(text)}: {_line(text.text)}" for text in texts]
    return ["\n".join(lines)] if lines else []


def _count_table(counts: Sequence[tuple[str, Counter[str]]], readers: Sequence[Reader]) -> Iterator[str]:
    yield "## Words by scene"
    yield ""
    yield f"| scene | {' | '.join(readers)} |"
    yield f"| --- |{' ---: |' * len(readers)}"
    total: Counter[str] = Counter()
    for title, count in counts:
        total += count
        yield f"| {title} | {' | '.join(str(count[reader]) for reader in readers)} |"
    yield f"| all scenes | {' | '.join(str(total[reader]) for reader in readers)} |"


def _counted(texts: Iterable[ProseText]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for text in texts:
        counts[text.reader] += count_words(text.text)
    return counts


def _sources(event: Mapping[str, Any]) -> Sequence[str]:
    sources: str | Sequence[str] = event["from"]
    return [sources] if isinstance(sources, str) else sources


def _path(text: ProseText) -> str:
    return " ".join(str(step + 1) if isinstance(step, int) else step for step in text.path)


def _names(names: Iterable[str]) -> str:
    return ", ".join(map(_line, names))


def _paragraphs(text: str, indent: str = "") -> str:
    lines = [_LIST_SIGN.sub(_escaped_list_sign, _line(line)) for line in text.strip().splitlines()]
    return "\n".join(f"{indent}{line}".rstrip() for line in _with_line_breaks(lines))


def _escaped_list_sign(sign: re.Match[str]) -> str:
    return f"\\{sign[0]}" if not sign[0].isdigit() else f"{sign[0]}\\"


def _with_line_breaks(lines: Sequence[str]) -> Iterator[str]:
    """Yield lines, each of which but those before an empty one ends with a sign of Markdown for the end of a line."""
    for number, line in enumerate(lines):
        is_followed = number + 1 < len(lines) and lines[number + 1]
        yield f"{line}\\" if line and is_followed else line


def _line(text: str) -> str:
    return _MARKUP_SIGN.sub(r"\\\g<0>", escape_unprintable(" ".join(text.split())))
