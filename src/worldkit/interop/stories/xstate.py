"""State machines of XState 5, and of Stately's editor, as JSON."""

from __future__ import annotations

import re
from typing import Any

from worldkit.core.json_values import Json
from worldkit.core.quoting import quote
from worldkit.editing.naming import UnusedNames
from worldkit.interop.stories.chart_machine import ChartReader
from worldkit.interop.stories.event_matching import PatternMatching
from worldkit.interop.stories.machine import Loss, Machine, missing_state
from worldkit.interop.stories.statechart import NO_EVENT, ChartState, ChartTransition, Statechart
from worldkit.interop.stories.story_record import StoryRecord
from worldkit.interop.stories.xstate_actions import ActionReader, as_list

_DELAY = re.compile(r"\d+(?:\.\d+)?")
_MAX_STATES = 100_000
_MAX_DEPTH = 60


def xstate_machine(config: Json) -> tuple[Machine, list[Loss]]:
    """Return the machine of an XState config, and what it does not have.

    Raises:
        ValueError: It is no config of a machine.
    """
    return _XstateReader(config).machine()


class _XstateReader:
    """Reads a config."""

    def __init__(self, config: Json) -> None:
        self._config = config
        self._name = str(config.get("id") or config.get("key") or "machine")
        self._states: list[ChartState] = []
        self._ids: dict[tuple[str, ...], str] = {}  # by path
        self._own_paths: dict[str, tuple[str, ...]] = {}  # by the id that a config gives its state
        self._pending_states: list[tuple[ChartState, tuple[str, ...], Json]] = []
        self._unused_ids = UnusedNames()
        self._record = StoryRecord()
        self._matching = PatternMatching()
        self._actions = ActionReader(
            config.get("context"), self._record, lambda target: self._target(target, (), is_inside=True)
        )

    def machine(self) -> tuple[Machine, list[Loss]]:
        """Return the machine."""
        if not isinstance(self._config.get("states"), dict) or not self._config["states"]:
            raise ValueError('it has no "states"')
        self._add((), self._config, None, 0)
        for state, path, config in self._pending_states:
            self._read(state, path, config)
        self._actions.note_unassigned()
        chart = Statechart(self._states, self._record.losses)
        return ChartReader(chart, self._record, self._matching).machine(self._name), self._record.losses

    # ---- states ----------------------------------------------------------------------------

    def _add(self, path: tuple[str, ...], config: Json, parent: ChartState | None, depth: int) -> ChartState:
        if len(self._states) >= _MAX_STATES or depth > _MAX_DEPTH:
            raise ValueError(f"it has more than {_MAX_STATES} states, or states nested more than {_MAX_DEPTH} deep")
        id = self._unused_id(path)
        kind = config.get("type")
        inner = config.get("states")
        if kind not in ("final", "parallel", "history"):
            kind = "compound" if isinstance(inner, dict) and inner else "atomic"
        where = f"state {quote('.'.join(path))}" if path else "the machine"
        state = ChartState(id, kind, parent.id if parent else None, place=where)  # type: ignore[arg-type]
        self._states.append(state)
        self._ids[path] = id
        if isinstance(config.get("id"), str):
            self._own_paths.setdefault(config["id"], path)
        self._pending_states.append((state, path, config))
        if isinstance(inner, dict) and kind in ("compound", "parallel"):
            for key, child in inner.items():
                if not isinstance(child, dict):
                    raise ValueError(f"{where}: expected an object for its state {quote(key)}, got {quote(child)}")
                state.children.append(self._add((*path, key), child, state, depth + 1).id)
        return state

    def _unused_id(self, path: tuple[str, ...]) -> str:
        for length in range(1, len(path) + 1):
            id = ".".join(path[-length:])
            if id not in self._unused_ids:
                return self._unused_ids.take(id)
        return self._unused_ids.take(".".join((self._name, *path)))

    def _read(self, state: ChartState, path: tuple[str, ...], config: Json) -> None:
        where = state.place
        description = config.get("description")
        state.text = description if isinstance(description, str) else ""
        tags = config.get("tags")
        state.tags = tuple(tag for tag in as_list(tags) if isinstance(tag, str))
        if state.kind in ("compound", "history"):
            initial = config.get("initial" if state.kind == "compound" else "target")
            target = initial.get("target") if isinstance(initial, dict) else initial
            state.initial = self._targets(target, path, where, is_inside=state.kind == "compound")
            if target is None and state.kind == "compound":
                why = "the file does not say; play begins in the first"
                self._record.losses.append(Loss(where, "the state inside in which it begins", why))
        state.entry = tuple(self._actions.effects(config.get("entry"), where))
        state.exit = tuple(self._actions.effects(config.get("exit"), where))
        on = config.get("on")
        for event, configs in on.items() if isinstance(on, dict) else ():
            self._transitions(state, path, event, configs, event)
        for key, event in (("always", NO_EVENT), ("onDone", self._matching.end_event(state.id))):
            if key in config:
                self._transitions(state, path, event, config[key], key)
        after = config.get("after")
        for delay, configs in after.items() if isinstance(after, dict) else ():
            if _DELAY.fullmatch(delay):
                self._transitions(state, path, f"after {delay} ms", configs, f"after {delay} ms", float(delay))
            else:
                self._transitions(state, path, f"after {delay}", configs, f"after {delay}")
                why = "the file does not say how long; the world offers it as a choice"
                self._record.losses.append(Loss(where, f"the delay {quote(delay)}", why))
        for service in as_list(config.get("invoke")):
            self._invoke(state, path, service)
        for key in ("data", "output"):
            if key in config:
                self._record.losses.append(Loss(where, f"its {key}", "a world has no results"))

    def _invoke(self, state: ChartState, path: tuple[str, ...], service: Any) -> None:
        if not isinstance(service, dict):
            return
        source = service.get("src")
        name = source if isinstance(source, str) else str(service.get("id") or "a service")
        why = "a world runs no code; how it ends is offered as a choice"
        self._record.losses.append(Loss(state.place, f"the service {quote(name)}", why))
        for key, words in (("onDone", "is done"), ("onError", "fails"), ("onSnapshot", "reports")):
            if key in service:
                self._transitions(state, path, f"{name} {words}", service[key], f"{name} {words}")

    # ---- transitions -----------------------------------------------------------------------

    def _transitions(
        self,
        state: ChartState,
        path: tuple[str, ...],
        event: str,
        configs: Any,
        label: str,
        after_ms: float | None = None,
    ) -> None:
        for config in as_list(configs):
            body: Json = {"target": config} if isinstance(config, str) else config if isinstance(config, dict) else {}
            where = f"{state.place}, {quote(label)}"
            target = body.get("target")
            targets = self._targets(target, path, where)
            if target is not None and not targets:
                continue
            guard = self._actions.guard(body.get("guard", body.get("cond")))
            effects = tuple(self._actions.effects(body.get("actions"), where))
            is_internal = body.get("reenter") is not True
            state.transitions.append(
                ChartTransition(state.id, event, targets, guard, effects, is_internal, after_ms, label, where)
            )

    def _targets(self, value: Any, path: tuple[str, ...], where: str, *, is_inside: bool = False) -> tuple[str, ...]:
        ids = []
        for target in as_list(value):
            id = self._target(target, path, is_inside) if isinstance(target, str) else None
            if id is None:
                self._record.losses.append(missing_state(where, target))
            else:
                ids.append(id)
        return tuple(ids)

    def _target(self, target: str, path: tuple[str, ...], is_inside: bool) -> str | None:
        if target.startswith("#"):
            if target[1:] in self._own_paths:
                return self._ids[self._own_paths[target[1:]]]
            own_id, *keys = target[1:].split(".")
            start = self._own_paths.get(own_id, () if own_id == self._name else None)
            return None if start is None else self._ids.get((*start, *keys))
        if target.startswith("."):
            return self._ids.get((*path, *target[1:].split(".")))
        keys = target.split(".")
        return self._ids.get((*(path if is_inside else path[:-1]), *keys))
