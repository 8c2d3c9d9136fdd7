"""Twine stories as machines: passages, and what the code of their story format says."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from worldkit.core.quoting import quote
from worldkit.interop.stories import chapbook, harlowe, sugarcube
from worldkit.interop.stories.conditions import ExpressionDialect
from worldkit.interop.stories.expressions import TRUE, names_in
from worldkit.interop.stories.html_elements import (
    CODE_ELEMENT_PATTERN,
    COMMENT_PATTERN,
    LEADING_ELEMENT_PATTERN,
    leading_element,
    note_code_attributes,
    skip_code_element,
)
from worldkit.interop.stories.links import LINK_PATTERN, parse_link
from worldkit.interop.stories.machine import (
    Forward,
    Loss,
    Machine,
    MachineNode,
    MachineTransition,
    Part,
    VariableEffect,
    ending_of,
    expressions_of,
    missing_target,
    unsaid_ending,
)
from worldkit.interop.stories.operations import Value
from worldkit.interop.stories.passage_reader import PassageReader, StoryReader
from worldkit.interop.stories.shown_values import with_shown_values
from worldkit.interop.stories.text_markup import CHAPBOOK, HARLOWE, HTML, SUGARCUBE, Markup
from worldkit.interop.stories.twine_story import TwinePassage, TwineStory
from worldkit.interop.stories.variables import is_answer
from worldkit.interop.stories.visits import count_visits, has_visited, visit_count


class _Format(NamedTuple):
    """A story format: how its passages are read, and which of them are not shown."""

    carry_out: Callable[[PassageReader], None]
    dialect: Callable[[str], ExpressionDialect]
    unset: Value
    first: tuple[str, ...] = ()
    """Passages and tags of passages that are carried out before play begins."""
    excluded_passages: tuple[str, ...] = ()
    """Passages and tags of passages that are no places of play."""
    changed_in_code: Callable[[str], Iterable[str]] = lambda _: ()
    """Returns the variables of the story that code in JavaScript changes."""
    comment_pattern: str = COMMENT_PATTERN
    markup: Markup = HTML


_LINKS_AND_CODE = re.compile(
    rf"(?P<link>{LINK_PATTERN})|{CODE_ELEMENT_PATTERN}|{LEADING_ELEMENT_PATTERN}|(?P<code><%|<<|\(\s*[A-Za-z-]+:)"
)


def _read_links(reader: PassageReader) -> None:
    """Read a passage of a format whose code is not understood: its links alone."""
    text, at, places = reader.passage.text, 0, 0
    while (match := _LINKS_AND_CODE.search(text, at)) is not None:
        at = match.end()
        if match["code"] is not None:
            reader.lose(f"the code {text[match.start() : match.start() + 40]!r}", "it is not read", match.start())
            continue
        reader.prose(text[places : match.start()], places)
        if match["link"] is not None:
            link = parse_link(match["link"])
            reader.link(link.label, link.target, match.start())
        elif match["code_element"] is not None:
            _, at = skip_code_element(reader, match)
        else:
            element = leading_element(match)
            reader.link(element.label, element.target or "", match.start())
            at = element.end
        places = at
    reader.prose(text[places:], places)


_HIDDEN_TAGS = frozenset({"script", "stylesheet"})
"""Tags of passages that hold code or styles."""
_LINKS_ONLY_FORMAT = _Format(_read_links, lambda _: ExpressionDialect(r"(?P<name>(?!))", {}), None)
_FORMATS = {
    "harlowe": _Format(
        harlowe.read_harlowe,
        harlowe.dialect_of,
        0,
        ("startup",),
        ("header", "footer", "debug-startup", "debug-header", "debug-footer"),
        markup=HARLOWE,
    ),
    "sugarcube": _Format(
        sugarcube.read_sugarcube,
        sugarcube.dialect_of,
        None,
        ("StoryInit", "init"),
        sugarcube.SPECIAL_PASSAGES,
        sugarcube.names_changed_in_code,
        rf"{COMMENT_PATTERN}|/\*(?s:.*?)(?:\*/|\Z)|/%(?s:.*?)(?:%/|\Z)",
        SUGARCUBE,
    ),
    "chapbook": _Format(
        chapbook.read_chapbook,
        chapbook.dialect_of,
        None,
        (),
        ("header", "footer"),
        chapbook.names_changed_in_code,
        markup=CHAPBOOK,
    ),
}


def guessed_format(story: TwineStory) -> str:
    """Return the story format whose code the passages have, when the file does not say."""
    text = "\n".join(passage.text for passage in story.passages if not _HIDDEN_TAGS & set(passage.tags))
    if re.search(r"<</?[a-zA-Z]", text):
        return "sugarcube"
    if "<%" in text:
        return "snowman"
    # Harlowe is what Twine takes when its user chooses nothing
    return "chapbook" if re.search(r"^\[(?:if|unless) [^\]\n]+\]", text, re.MULTILINE) else "harlowe"


def twine_machine(story: TwineStory) -> tuple[Machine, list[Loss]]:
    """Return the machine of a Twine story, and what it does not have.

    Raises:
        ValueError: It has no passage in which play can begin.
    """
    name = story.format or guessed_format(story)
    form = next((form for prefix, form in _FORMATS.items() if name.startswith(prefix)), _LINKS_ONLY_FORMAT)
    reader = StoryReader(form.unset, losses=list(story.losses))
    if form is _LINKS_ONLY_FORMAT and name:
        why = "only its links are read; worldkit reads the code of Harlowe, SugarCube and Chapbook"
        reader.losses.append(Loss("the story", f"the code of the story format {quote(name)}", why))
    places, first = _sorted(story.passages, form, reader)
    if not places:
        raise ValueError("it has no passage that could be a place of play")
    reader.passages = {one.name: one for one in story.passages if not _HIDDEN_TAGS & {one.name, *one.tags}}
    readings = [_read(passage, form, reader) for passage in places]
    before = [effect for passage in first for effect in _effects_before(passage, form, reader)]
    _note_changes_inside(readings, reader)
    nodes = [node for node, _ in readings]
    transitions = [transition for _, links in readings for transition in links]
    start = _start(story.start, nodes, reader.losses)
    going_on = {transition.source for transition in transitions} | {node.id for node in nodes if node.forwards}
    nodes, transitions = _with_known_targets(nodes, transitions, reader.losses)
    nodes, transitions = _without_parts(nodes, transitions, start, reader.shown_inside)
    nodes = with_shown_values(nodes, transitions, reader, start=start, before=before)
    nodes = count_visits(nodes, transitions, reader.variables)
    nodes = _with_endings(nodes, going_on, reader.open_ended, reader.losses)
    if before:
        nodes, start = _with_beginning(nodes, start, before)
    title = story.title or (start if not before else "")
    return reader.machine(title, start, nodes, transitions), reader.losses


def _sorted(
    passages: Iterable[TwinePassage], form: _Format, reader: StoryReader
) -> tuple[list[TwinePassage], list[TwinePassage]]:
    """Return the passages that are places of play, and those that are carried out before it begins."""
    places, first, losses = [], [], reader.losses
    for passage in passages:
        labels = {passage.name, *passage.tags}
        if labels & _HIDDEN_TAGS:
            losses.append(Loss(passage.place(), "the whole passage", "a world has no code and no styles"))
            for name in form.changed_in_code(passage.text) if "script" in labels else ():
                reader.make_unknown(name, "a value there, and code is not read", passage.place())
        elif labels & set(form.first):
            first.append(passage)
        elif labels & set(form.excluded_passages):
            losses.append(Loss(passage.place(), "the whole passage", "it is no place of play but a part of the page"))
            if not any(label.startswith("debug-") for label in labels):
                _note_changes_apart(passage, form, reader)
        else:
            places.append(passage)
    return places, first


def _note_changes_apart(passage: TwinePassage, form: _Format, reader: StoryReader) -> None:
    """Note that what a part of the page assigns is not known."""
    apart = StoryReader(form.unset)
    node, links = _read(passage, form, apart)
    reason = f"a value in the passage {quote(passage.name)}, which is no place of play"
    for name in [*_assigned_names(node, links), *(name for name in apart.unknown if not is_answer(name))]:
        reader.make_unknown(name, reason, passage.place())
    reader.included_passages |= apart.included_passages


def _note_changes_inside(readings: Iterable[tuple[MachineNode, list[MachineTransition]]], reader: StoryReader) -> None:
    """Note that what a passage assigns that is carried out inside of others is not known."""
    for node, links in readings:
        if node.id in reader.included_passages:
            reason = f"a value in the passage {quote(node.id)}, which is carried out there"
            for name in _assigned_names(node, links):
                reader.make_unknown(name, reason, reader.included_passages[node.id])


def _assigned_names(node: MachineNode, links: Iterable[MachineTransition]) -> list[str]:
    effects = [*node.effects, *(effect for link in links for effect in link.effects)]
    return [effect.name for effect in effects if not is_answer(effect.name)]


def _read(passage: TwinePassage, form: _Format, reader: StoryReader) -> tuple[MachineNode, list[MachineTransition]]:
    passage_reader = PassageReader(passage, reader, form.dialect(passage.name), form.markup)
    form.carry_out(passage_reader)
    note_code_attributes(passage_reader, form.changed_in_code, form.comment_pattern)
    return passage_reader.result()


def _effects_before(passage: TwinePassage, form: _Format, reader: StoryReader) -> Iterable[VariableEffect]:
    node, links = _read(passage, form, reader)
    if links or any(text.text.strip() for text in node.texts):
        reader.losses.append(Loss(passage.place(), "its text and links", "only what it assigns is taken"))
    return node.effects


def _start(name: str | None, nodes: list[MachineNode], losses: list[Loss]) -> str:
    ids = {node.id for node in nodes}
    if name is not None and name not in ids:
        losses.append(Loss("the story", f"the beginning in {quote(name)}", "there is no such passage of play"))
    return next((name for name in (name, "Start") if name in ids), nodes[0].id) or nodes[0].id


def _with_known_targets(
    nodes: list[MachineNode], transitions: list[MachineTransition], losses: list[Loss]
) -> tuple[list[MachineNode], list[MachineTransition]]:
    ids = {node.id for node in nodes}
    kept_transitions: list[MachineTransition] = []
    for transition in transitions:
        if transition.target in ids:
            kept_transitions.append(transition)
        elif not transition.target and transition.effects:
            kept_transitions.append(dataclasses.replace(transition, target=None))
        else:
            losses.append(missing_target(transition.where, transition.label, transition.target or ""))
    result = []
    for node in nodes:
        for forward in node.forwards:
            if forward.target not in ids:
                losses.append(missing_target(forward.where, "going on at once", forward.target))
        result.append(dataclasses.replace(node, forwards=tuple(way for way in node.forwards if way.target in ids)))
    return result, kept_transitions


def _without_parts(
    nodes: list[MachineNode], transitions: list[MachineTransition], start: str, parts: set[str]
) -> tuple[list[MachineNode], list[MachineTransition]]:
    """Return the nodes without passages that are only shown inside of others, and the transitions that are left."""
    parts_of_story: list[Part] = [*nodes, *transitions]
    asked_for = {
        name for part in parts_of_story for expression in expressions_of(part) for name in names_in(expression)
    }
    targets: dict[str, list[str]] = {node.id: [forward.target or "" for forward in node.forwards] for node in nodes}
    for way in transitions:
        targets[way.source].append(way.target or "")
    kept_ids = {id for id in targets if id not in parts or {has_visited(id).name, visit_count(id).name} & asked_for}
    kept_ids.add(start)
    stack = list(kept_ids)
    while stack:
        led_to = set(targets.get(stack.pop(), ())) - kept_ids
        kept_ids |= led_to
        stack += led_to
    return [node for node in nodes if node.id in kept_ids], [way for way in transitions if way.source in kept_ids]


def _with_endings(
    nodes: list[MachineNode], going_on: set[str], open_ended: set[str], losses: list[Loss]
) -> list[MachineNode]:
    """Return the nodes; those that nothing leads on from are endings.

    Args:
        going_on: Nodes with a link, or that lead on at once.
        open_ended: Nodes from which something that was not read may lead on; they end where their tags say so.
        losses: Gets a record of each ending of which the story does not say whether it is won.
    """
    result = []
    for node in nodes:
        ending = ending_of(node.tags)
        if node.id in going_on or (node.id in open_ended and ending is None):
            result.append(node)
            continue
        if ending is None:
            losses.append(unsaid_ending(node.where))
        result.append(dataclasses.replace(node, ending=ending or "win"))
    return result


def _with_beginning(
    nodes: list[MachineNode], start: str, before: list[VariableEffect]
) -> tuple[list[MachineNode], str]:
    """Return the nodes with one before the first, in which what is carried out before play is done."""
    first = MachineNode("", (), tuple(before), (Forward(start, TRUE),))
    return [*nodes, first], ""
