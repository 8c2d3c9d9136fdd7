"""Documents as a profile writes them: the hosted platform's form and the Studio's (docs/spec/smworld.md).

A document that complies is returned as it is. What is changed otherwise is noted, item by item.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from worldkit.core.diagnostics import Diagnostic, Item, ItemKind
from worldkit.core.json_values import Json, quote
from worldkit.core.profile import Profile
from worldkit.core.unsent_prose import missing_layers, unsent_layers, with_layers

PAIRS = ("camera", "movement")
HALVES = ("static", "dynamic")


@dataclass(frozen=True, slots=True)
class Conversion:
    """A document as a profile writes it.

    Attributes:
        document: The document; what is the same as before is shared.
        notes: What was changed, item by item.
    """

    document: Json
    notes: tuple[Diagnostic, ...]


def convert(raw: Json, profile: Profile) -> Conversion:
    """Return a valid document as a profile writes it.

    Args:
        raw: The document; it is left as it is.
    """
    return _Converter(raw, profile).convert()


def completed_state(state: Json, donor: Mapping[str, Any]) -> Json:
    """Return a state that has both pairs with both halves; the same one when it has them.

    A missing half is copied from the other half. A missing pair is copied from the donor, else its halves are empty.

    Args:
        donor: The state at the entrance, or an empty mapping.
    """
    filled_pairs: Json = {}
    for name in PAIRS:
        own = state.get(name)
        source = own if isinstance(own, dict) else donor.get(name)
        halves = source if isinstance(source, dict) else {}
        texts = {half: halves[half] for half in HALVES if isinstance(halves.get(half), str)}
        if halves is not own or len(texts) < len(HALVES):
            other = next(iter(texts.values()), "")
            filled_pairs[name] = {**halves, **{half: texts.get(half, other) for half in HALVES}}
    return {**state, **filled_pairs} if filled_pairs else state


def with_unsent_prose(raw: Json, profile: Profile) -> Json:
    """Return a document in whose bases the prose stands that the profile's player does not send; else as it is.

    Args:
        raw: The document; it is left as it is.
    """
    converter = _Converter(raw, profile)
    states = {id: converter.state_with_layers(id, body) for id, body in raw["scene"]["states"].items()}
    return {**raw, "scene": {**raw["scene"], "states": states}}


class _Converter:
    def __init__(self, raw: Json, profile: Profile) -> None:
        self.raw = raw
        self.profile = profile
        self.notes: list[Diagnostic] = []
        self._layers = unsent_layers(raw, profile)
        self._cutscenes = {cutscene["id"]: cutscene for cutscene in reversed(raw.get("cutscenes") or ())}
        self._cutscenes_into: dict[str, list[Json]] = {}
        for cutscene in raw.get("cutscenes") or ():
            self._cutscenes_into.setdefault(cutscene["to"], []).append(cutscene)

    def convert(self) -> Conversion:
        scene = self.raw["scene"]
        states = {id: self._state(id, body) for id, body in scene["states"].items()}
        events = [self._event(body) for body in scene["events"]]
        if all(new is scene["states"][id] for id, new in states.items()) and all(
            new is old for new, old in zip(events, scene["events"], strict=True)
        ):
            return Conversion(self.raw, ())
        document = {**self.raw, "scene": {**scene, "states": states, "events": events}}
        return Conversion(document, tuple(self.notes))

    def _note(self, code: str, message: str, kind: ItemKind, id: str, place: str) -> None:
        path = self.profile.path(kind, id, place)
        self.notes.append(Diagnostic(code, "info", path, message, Item(kind, id, place)))

    # ---- states --------------------------------------------------------------------------------

    def _state(self, id: str, body: Json) -> Json:
        return self.state_with_layers(id, self._with_pairs(id, body))

    def _with_pairs(self, id: str, body: Json) -> Json:
        if not self.profile.state_pairs_required:
            return body
        entrance = (self.raw.get("entrance") or {}).get("state")
        completed_body = completed_state(body, self.raw["scene"]["states"].get(entrance, {}))
        for name in PAIRS:
            if completed_body.get(name) is not body.get(name):
                is_copied = any(completed_body[name][half] for half in HALVES)
                remark = f"is copied from {quote(entrance)}" if is_copied else "is written with two empty halves"
                self._note(
                    "missing-pair",
                    f"it has no {name}, and the {self.profile.name} server requires one; it {remark}",
                    "state",
                    id,
                    name,
                )
        return completed_body

    def state_with_layers(self, id: str, body: Json) -> Json:
        """Return a state in whose bases the layers of prose stand that the profile's player does not send."""
        base = self._with_unsent(body["base"], id, "base")
        variants = body.get("variants")
        result = body if base is body["base"] else {**body, "base": base}
        if variants:
            new = [self._variant(id, number, variant) for number, variant in enumerate(variants)]
            if any(one is not other for one, other in zip(new, variants, strict=True)):
                result = {**result, "variants": new}
        return result

    def _variant(self, id: str, number: int, variant: Json) -> Json:
        base = self._with_unsent(variant["base"], id, f"variants[{number}].base")
        return variant if base is variant["base"] else {**variant, "base": base}

    def _with_unsent(self, base: str, state: str, place: str) -> str:
        layers = missing_layers(base, self._layers)
        if not layers:
            return base
        are = "is" if len(layers) == 1 else "are"
        message = f"{' and '.join(layers)}, which the {self.profile.name} player does not send, {are} written into it"
        self._note("unsent-prose", message, "state", state, place)
        return with_layers(base, self._layers)

    # ---- events --------------------------------------------------------------------------------

    def _event(self, body: Json) -> Json:
        new_fields = {name: value for name in PAIRS if (value := self._shape(body, name)) is not body.get(name)}
        to = self._destination(body)
        if to is not body.get("to"):
            new_fields["to"] = to
        return {**body, **new_fields} if new_fields else body

    def _shape(self, body: Json, name: str) -> Any:
        value = body.get(name)
        if isinstance(value, str) and self.profile.event_pairs:
            self._note(
                "event-text",
                f"its {name} is one text; it is written as both halves of a pair",
                "event",
                body["name"],
                name,
            )
            return dict.fromkeys(HALVES, value)
        if isinstance(value, dict) and not self.profile.event_pairs:
            message = f"its {name} is a pair; it is written as one text"
            if value.get("static") != value.get("dynamic") or len(value) > len(HALVES):
                message = f"its {name} is a pair; the half for standing still is written, the rest of it is lost"
            self._note("event-pair", message, "event", body["name"], name)
            return value["static"]
        return value

    def _destination(self, body: Json) -> Any:
        to = body.get("to")
        if to is None:
            return to
        if self.profile.cutscene_in_to:
            return self._cutscene_on(body) or to
        cutscene = self._cutscenes.get(to)
        if cutscene is None:
            return to
        message = f"it leads to the cutscene {quote(to)}; it is written with its state {quote(cutscene['to'])}"
        self._note("cutscene-in-to", message, "event", body["name"], "to")
        return cutscene["to"]

    def _cutscene_on(self, body: Json) -> str | None:
        """Return the cutscene that stands between all sources of a transition and the state it leads to."""
        if body["to"] in self._cutscenes or body["kind"] != "transition":
            return None
        sources = {body["from"]} if isinstance(body["from"], str) else set(body["from"])
        for cutscene in self._cutscenes_into.get(body["to"], ()):
            if sources == {cutscene["from"]} and cutscene["video"].strip():
                message = (
                    f"the cutscene {quote(cutscene['id'])} stands on its way; its to is written as the cutscene's id"
                )
                self._note("cutscene-by-pair", message, "event", body["name"], "to")
                return str(cutscene["id"])
        return None
