"""Random stories, how they play, and how they are written in the languages of Twine."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from hypothesis import reject
from hypothesis import strategies as st

import worldkit as wk
from worldkit import Position
from worldkit.core.spoken_names import button_label
from worldkit.interop.stories.expressions import Constant, Expression, Operation, Variable
from worldkit.playing.machine import available_events, step
from worldkit.playing.transition_table import table_of

VARIABLES = ("key", "lamp", "rope")


# ---- how a machine plays, told once more ----------------------------------------------------------


def value_of(expression: Expression, values: dict[str, Any]) -> Any:
    if isinstance(expression, Constant):
        return expression.value
    if isinstance(expression, Variable):
        return values[expression.name]
    parts = [value_of(part, values) for part in expression.operands]
    functions: dict[str, Callable[[], Any]] = {
        "and": lambda: all(parts),
        "or": lambda: any(parts),
        "not": lambda: not parts[0],
        "+": lambda: parts[0] + parts[1],
        "==": lambda: parts[0] == parts[1],
        ">=": lambda: parts[0] >= parts[1],
        "<": lambda: parts[0] < parts[1],
    }
    return functions[expression.operator]()


@dataclass(frozen=True)
class MachinePosition:
    path: tuple[str, ...]
    """The nodes whose texts and choices are in view, the last one being where play is."""
    values: tuple[tuple[str, Any], ...]
    used_ways: frozenset[int] = frozenset()
    text: str = ""

    @property
    def node(self) -> str:
        return self.path[-1]


class MachinePlay:
    """Plays a machine, one transition after another."""

    def __init__(self, machine: wk.Machine) -> None:
        self.machine = machine
        self.nodes = {node.id: node for node in machine.nodes}

    def start(self) -> MachinePosition:
        return self._arrive(self.machine.start, dict(self.machine.variables), frozenset(), at_start=True)[1]

    def offers(self, at: MachinePosition) -> list[tuple[str, str, MachinePosition]]:
        """Return what is offered: its label, what is told on the way, and where it leads."""
        if self.nodes[at.node].ending:
            return []
        offers = []
        ways = [
            (number, way)
            for place, source in enumerate(at.path)
            for number, way in enumerate(self.machine.transitions)
            # what can be taken once is one choice, however often its node is in view
            if way.source == source and not (way.once and source in at.path[:place])
        ]
        for number, way in ways:
            values = dict(at.values)
            if (way.once and number in at.used_ways) or not value_of(way.guard, values):
                continue
            used_ways = at.used_ways | {number} if way.once else at.used_ways
            self._apply(way.effects, values)
            if way.target is None:
                text = " ".join(self._text(id, values) for id in at.path)
                narration, after = "", MachinePosition(at.path, tuple(sorted(values.items())), used_ways, text)
            else:
                narration, after = self._arrive(way.target, values, used_ways)
            offers.append((way.label, narration, after))
        return offers

    def _text(self, id: str, values: dict[str, Any]) -> str:
        return " ".join(text.text for text in self.nodes[id].texts if value_of(text.guard, values))

    def _apply(self, effects: Iterable[Any], values: dict[str, Any]) -> None:
        for effect in effects:
            if value_of(effect.guard, values):
                values[effect.name] = value_of(effect.value, values)

    def _arrive(
        self, id: str, values: dict[str, Any], used_ways: frozenset[int], at_start: bool = False
    ) -> tuple[str, MachinePosition]:
        places = set()
        narrations: list[str] = []
        view: list[tuple[str, str]] = []
        while True:
            node = self.nodes[id]
            self._apply(node.effects, values)
            view.append((id, self._text(id, values)))
            place = (id, tuple(sorted(values.items())))
            way = next((way for way in node.forwards if value_of(way.guard, values)), None)
            if way is None or place in places:
                path, texts = zip(*view, strict=True)
                position = MachinePosition(path, tuple(sorted(values.items())), used_ways, " ".join(texts))
                return " ".join(narrations), position
            places.add(place)
            if len(places) > 200:
                reject()  # play goes on for ever, while a variable counts
            if way.text == "told" and not (at_start and any(self.nodes[id].texts for id, _ in view)):
                narrations += [text for _, text in view]
                view.clear()
            elif way.text == "unseen":
                view.clear()
            id = way.target


def plays_alike(machine: wk.Machine, world: wk.World, left_out: Collection[str] = (), most: int = 3_000) -> None:
    """Walk both in lockstep through every position: the same is shown and told and offered, in the same order.

    Args:
        machine: The machine.
        world: Its world.
        left_out: Words of texts that the world does not show.
        most: How many positions are compared at most.
    """

    def words(text: str) -> list[str]:
        return [word for word in text.split() if word not in left_out]

    play, table = MachinePlay(machine), table_of(world)
    labels = {event.name: " ".join(button_label(event).split()) for event in world.events}
    assert world.start is not None
    pairs = [(play.start(), Position(world.start))]
    visited_pairs, waiting = set(pairs), deque(pairs)
    while waiting and len(visited_pairs) < most:
        theirs, ours = waiting.popleft()
        assert words(world.states[ours.state].base) == words(theirs.text), (theirs, ours)
        offers_of_machine = play.offers(theirs)
        actions = list(available_events(table, ours))
        assert [labels[action.name] for action in actions] == [label for label, _, _ in offers_of_machine], (
            theirs,
            ours,
        )
        is_over = ours.state in table.endings
        assert is_over == bool(play.nodes[theirs.node].ending)
        for (_, narration, one), action in zip(offers_of_machine, actions, strict=True):
            assert words(action.event.narration or "") == words(narration), (theirs, ours, action.name)
            pair = one, step(ours, action)[0]
            if pair not in visited_pairs:
                visited_pairs.add(pair)
                waiting.append(pair)


# ---- random machines -------------------------------------------------------------------------------


def conditions() -> st.SearchStrategy[Expression]:
    flags = st.sampled_from(VARIABLES).map(Variable)
    counts = st.builds(
        lambda operator, number: Operation(operator, (Variable("coins"), Constant(number))),
        st.sampled_from(["==", ">=", "<"]),
        st.integers(0, 3),
    )
    plain = st.one_of(flags, flags, counts)
    return st.recursive(
        plain,
        lambda inner: st.one_of(
            inner.map(lambda part: Operation("not", (part,))),
            st.tuples(inner, inner).map(lambda parts: Operation("and", parts)),
            st.tuples(inner, inner).map(lambda parts: Operation("or", parts)),
        ),
        max_leaves=3,
    )


guards = st.one_of(st.just(Constant(True)), st.sampled_from(VARIABLES).map(Variable), conditions())


@st.composite
def machines(draw: st.DrawFn, max_nodes: int = 5) -> wk.Machine:
    """Return machines in which everything is told: flags, counters, one-shots, texts, ways that go on at once.

    Every piece of text is one word that no other piece has.
    """
    from worldkit.interop.stories.machine import Forward, NodeText, VariableEffect

    ids = [f"n{number}" for number in range(draw(st.integers(1, max_nodes)))]
    assigned = st.builds(
        VariableEffect,
        st.sampled_from(VARIABLES),
        st.sampled_from([Constant(True), Constant(True), Constant(False)]),
        st.one_of(st.just(Constant(True)), guards),
    )
    counting = st.just(VariableEffect("coins", Operation("+", (Variable("coins"), Constant(1)))))
    effects = st.lists(st.one_of(assigned, assigned, counting), max_size=2).map(tuple)
    nodes = []
    for id in ids:
        kinds = st.sampled_from(["unseen", "kept", "told"])
        forwards = draw(st.lists(st.builds(Forward, st.sampled_from(ids), conditions(), kinds), max_size=1))
        endings: list[Literal["win"] | None] = [None, None, None, "win"]
        ending = draw(st.sampled_from(endings)) if not forwards else None
        texts = [NodeText(f"{id}.{number} ", guard) for number, guard in enumerate(draw(st.lists(guards, max_size=2)))]
        nodes.append(wk.MachineNode(id, tuple(texts), draw(effects), tuple(forwards), ending))
    ways = []
    for number in range(draw(st.integers(0, 7))):
        target = draw(st.one_of(st.none(), st.sampled_from(ids), st.sampled_from(ids)))
        source, once = draw(st.sampled_from(ids)), draw(st.booleans())
        ways.append(wk.MachineTransition(source, target, f"go {number}", draw(guards), draw(effects), once=once))
    variables = {**dict.fromkeys(VARIABLES, False), "coins": 0}
    return wk.Machine("random", ids[0], tuple(nodes), tuple(ways), variables)


@st.composite
def flag_machines(draw: st.DrawFn) -> wk.Machine:
    """Return machines of which only texts deny anything: what is assigned is gained, what is asked for is required."""
    from worldkit.interop.stories.machine import Forward, NodeText, VariableEffect

    flags = st.sampled_from(VARIABLES).map(Variable)
    gains = st.lists(st.sampled_from(VARIABLES).map(VariableEffect), max_size=1).map(tuple)
    denials = flags.map(lambda flag: Operation("not", (flag,)))
    shown_if = st.one_of(flags, denials, st.tuples(flags, denials).map(lambda parts: Operation("or", parts)))
    ids = [f"n{number}" for number in range(draw(st.integers(2, 6)))]
    nodes = []
    for number, id in enumerate(ids):
        texts = [NodeText(f"{id}.{at} ", guard) for at, guard in enumerate(draw(st.lists(shown_if, max_size=2)))]
        always = st.just(Constant(True))
        way = st.builds(Forward, st.sampled_from(ids[number:]), always, st.sampled_from(["unseen", "kept", "told"]))
        forwards = draw(st.lists(way, max_size=1)) if draw(st.integers(0, 3)) == 0 else []
        nodes.append(wk.MachineNode(id, tuple(texts), draw(gains), tuple(forwards)))
    targets = st.one_of(st.sampled_from(ids), st.sampled_from(ids), st.none())
    guard = st.one_of(st.just(Constant(True)), flags)
    ways = [
        wk.MachineTransition(draw(st.sampled_from(ids)), draw(targets), f"go {number}", draw(guard), draw(gains))
        for number in range(draw(st.integers(2, 9)))
    ]
    return wk.Machine("flags", ids[0], tuple(nodes), tuple(ways), dict.fromkeys(VARIABLES, False))


# ---- random stories of Twine ------------------------------------------------------------------------


@dataclass(frozen=True)
class Link:
    label: str
    target: str
    guard: Expression | None
    arrow: str


@dataclass(frozen=True)
class Page:
    name: str
    assigned: Sequence[tuple[str, bool, Expression | None]]
    texts: Sequence[tuple[str, Expression | None]]
    links: Sequence[Link]


@st.composite
def pages(draw: st.DrawFn) -> list[Page]:
    names = draw(st.lists(st.sampled_from(["Hall", "The attic", "Cellar", "Été", "Garden"]), min_size=1, unique=True))
    flags = st.sampled_from(VARIABLES).map(Variable)
    literal = st.one_of(flags, flags.map(lambda flag: Operation("not", (flag,))))
    guard = st.one_of(
        st.none(),
        literal,
        st.tuples(literal, literal).map(lambda parts: Operation("and", parts)),
        st.tuples(literal, literal).map(lambda parts: Operation("or", parts)),
    )
    story: list[Page] = []
    for name in names:
        sets = st.tuples(st.sampled_from(VARIABLES), st.sampled_from([True, True, False]), guard)
        links = st.builds(
            Link, st.sampled_from(["Go on", "Up", "Back"]), st.sampled_from(names), guard, st.sampled_from("><|")
        )
        texts = [(f"word{len(story)}.{number}", text) for number, text in enumerate(draw(st.lists(guard, max_size=2)))]
        story.append(Page(name, draw(st.lists(sets, max_size=2)), texts, draw(st.lists(links, max_size=3))))
    return story


def machine_of(story: list[Page]) -> wk.Machine:
    """Return what a story means."""
    from worldkit.interop.stories.machine import NodeText, VariableEffect

    yes = Constant(True)
    nodes = tuple(
        wk.MachineNode(
            page.name,
            tuple(NodeText(text, guard or yes) for text, guard in page.texts),
            tuple(VariableEffect(name, Constant(value), guard or yes) for name, value, guard in page.assigned),
            ending=None if page.links else "win",
        )
        for page in story
    )
    ways = tuple(
        wk.MachineTransition(page.name, link.target, link.label, link.guard or yes)
        for page in story
        for link in page.links
    )
    return wk.Machine("story", story[0].name, nodes, ways, dict.fromkeys(VARIABLES, False))


def _written(expression: Expression, mark: str, words: dict[str, str]) -> str:
    if isinstance(expression, Variable):
        return mark + expression.name
    assert isinstance(expression, Operation)
    parts = [_written(part, mark, words) for part in expression.operands]
    return f"{words['not']}{parts[0]}" if len(parts) == 1 else f" {words[expression.operator]} ".join(parts)


def _link(link: Link) -> str:
    return {
        ">": f"[[{link.label}->{link.target}]]",
        "<": f"[[{link.target}<-{link.label}]]",
        "|": f"[[{link.label}|{link.target}]]",
    }[link.arrow]


WORDS = {"not": "not ", "and": "and", "or": "or"}
SIGNS = {"not": "!", "and": "&&", "or": "||"}


def _with_blocks(page: Page, condition: str, assignment: str, words: dict[str, str]) -> str:
    """Write a page in a language in which what depends on a condition stands in a block."""
    parts = [(guard, assignment.format(name, str(value).lower())) for name, value, guard in page.assigned]
    parts += [(guard, text) for text, guard in page.texts]
    parts += [(link.guard, _link(link)) for link in page.links]
    return "\n".join(condition.format(_written(guard, "$", words), part) if guard else part for guard, part in parts)


def harlowe(page: Page) -> str:
    return _with_blocks(page, "(if: {})[{}]", "(set: ${} to {})", WORDS)


def sugarcube(page: Page) -> str:
    return _with_blocks(page, "<<if {}>>{}<</if>>", "<<set ${} to {}>>", SIGNS)


def chapbook(page: Page) -> str:
    lines = []
    for name, value, guard in page.assigned:
        condition = f" ({_written(guard, '', SIGNS)})" if guard else ""
        lines.append(f"{name}{condition}: {str(value).lower()}")
    lines += ["--", ""] if lines else []
    parts = [(guard, text) for text, guard in page.texts] + [(link.guard, _link(link)) for link in page.links]
    for guard, part in parts:
        lines += [f"[if {_written(guard, '', SIGNS)}]" if guard else "[continue]", part]
    return "\n".join(lines)


FORMATS: dict[str, Callable[[Page], str]] = {"Harlowe": harlowe, "SugarCube": sugarcube, "Chapbook": chapbook}


def twee(story: list[Page], form: str) -> str:
    """Return a story as Twee 3."""
    write = FORMATS[form]
    head = f':: StoryTitle\nstory\n\n:: StoryData\n{{"format": "{form}", "start": "{story[0].name}"}}\n\n'
    return head + "\n\n".join(f":: {page.name}{' [win]' * (not page.links)}\n{write(page)}" for page in reversed(story))
