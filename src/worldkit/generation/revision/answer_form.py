"""The form of a model's answer: a JSON Schema in which what is changed is one of what exists, by enumeration.

The operations are flat here (their fields stand beside ``op``). A weak model gets only those that the words of the
instruction speak of: so it is held to few choices, and fills in words. A strong one gets all of them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from worldkit.generation.direct.passages import LENGTHS
from worldkit.generation.direct.schema import Schema, closed_object, list_of, with_definitions
from worldkit.generation.revision.outline import Outline
from worldkit.generation.text.word_sets import words

ALLOWED_OPERATIONS = words("revision", "operations")
"""The operations a model may answer with."""

MAX_OPS, MAX_WEAK_MODEL_OPS = 60, 12
"""At most so many operations are taken in one answer, and at most so many are asked of a weak model, which goes on
where it may."""

MAX_PROSE_CHARACTERS, MAX_LINE_CHARACTERS = LENGTHS["base"][1], 80
"""Characters of a description, which are as many as a place has that is written anew, and of a title or a label."""


def _text(longest: int) -> Schema:
    return {"type": "string", "minLength": 1, "maxLength": longest}


_ID: Schema = {"type": "string", "pattern": "^[a-z][a-z0-9_]{1,30}$"}
_CHOICE: Schema = {"type": "string", "pattern": r"^[^ \"\\]{1,16}( [^ \"\\]{1,16}){1,6}$"}
"""Two to seven words: a small model held to a length alone writes up to it."""
_PAIR: Schema = closed_object(
    static={"type": "string", "maxLength": MAX_PROSE_CHARACTERS},
    dynamic={"type": "string", "maxLength": MAX_PROSE_CHARACTERS},
)
_PROSE_SCHEMA, _LINE_SCHEMA = _text(MAX_PROSE_CHARACTERS), _text(MAX_LINE_CHARACTERS)
_SWITCH: Schema = {"type": "boolean"}
_DELAY: Schema = {"type": "integer", "minimum": 1_000, "maximum": 600_000}
_TEXT_FIELDS = ("base", "camera.static", "camera.dynamic", "movement.static", "movement.dynamic")
STATE_TEXTS = {
    "narration": _PROSE_SCHEMA,
    "camera": _PAIR,
    "movement": _PAIR,
    "ambient": list_of(_PROSE_SCHEMA, 1, 3),
    "arriveLabel": _LINE_SCHEMA,
}
"""The texts of a state besides its base, its ending and its variants."""


def answer_schema(outline: Outline, topic_names: Collection[str], most_ops: int = MAX_WEAK_MODEL_OPS) -> Schema:
    """Return the JSON Schema of an answer that may change what is in an outline, in what the topics are about."""
    schema = closed_object(
        reply={"type": "string", "maxLength": 240, "description": "What is done, in one sentence for a person."},
        ops=list_of({"anyOf": _forms(outline, topic_names)}, 1, most_ops),
    )
    open_states = [id for id in outline.states if id not in outline.endings]
    ids = {"place": outline.states, "open_place": open_states, "event": outline.events, "flag": outline.flags}
    return with_definitions(schema, {name: {"enum": [*values]} for name, values in ids.items() if values})


def _forms(outline: Outline, topic_names: Collection[str]) -> list[Schema]:
    states, events = outline.states, outline.events
    state, event = {"enum": [*states]}, {"enum": [*events]}
    is_about_places = "places" in topic_names or not states
    # nothing is offered in an ending
    open_states = {"enum": [id for id in states if id not in outline.endings] or [*states]}
    # a way may lead to a place that the same answer adds, so other ids are possible then
    place, open_place = ({"anyOf": [ids, _ID]} if is_about_places else ids for ids in (state, open_states))
    places = list_of(open_place, 1, 3)
    kind = {"enum": ["win", "lose"]}
    flags = {"type": "array", "items": _flag(outline), "maxItems": 4}
    lock = {"requires": flags, "grants": flags, "oneShot": _SWITCH, "lockedHint": _PROSE_SCHEMA}
    timer = {"hidden": _SWITCH, "autoAfterMs": _DELAY} if "timers" in topic_names else {}
    choice = {"name": _ID, "from": places, "detail": _CHOICE, "base": _PROSE_SCHEMA}
    forms = [
        _op("add_to_subject", {"text": _LINE_SCHEMA}),
        _op("set_subject", {}, {"subject": _PROSE_SCHEMA, "styleTail": _PROSE_SCHEMA}),
        _op("rename_state", {"from": state, "to": _ID}),
        _op("set_state_ending", {"state": place, "kind": kind, "title": _LINE_SCHEMA}, {"subtitle": _PROSE_SCHEMA}),
        _op("add_override", {**choice, "narration": _PROSE_SCHEMA}, {**lock, **timer}),
        _op("add_transition", {**choice, "to": place}, {"narration": _PROSE_SCHEMA, **lock, **timer}),
    ]
    if is_about_places:
        shot = {"camera": _PAIR, "movement": _PAIR}
        more = {name: STATE_TEXTS[name] for name in ("narration", "ambient")}
        if "endings" in topic_names:
            more["ending"] = closed_object({"subtitle": _PROSE_SCHEMA}, kind=kind, title=_LINE_SCHEMA)
        forms.append(_op("add_state", {"id": _ID, "base": _PROSE_SCHEMA, **shot}, more))
    if states:
        forms += [
            _op("add_to_base", {"state": state, "sentence": _text(MAX_PROSE_CHARACTERS // 2)}),
            _op("set_field", {"state": state, "field": {"enum": [*_TEXT_FIELDS]}, "value": _PROSE_SCHEMA}),
            _op("delete_state", {"id": state}),
            _op("set_entrance", {"state": state}),
            *_state_texts(outline, topic_names),
        ]
    if events:
        forms += [
            _op("set_event_field", {"event": event, "field": {"enum": ["base", "detail"]}, "value": _PROSE_SCHEMA}),
            _op("delete_event", {"name": event}),
            _op("set_event_kind", {"event": event, "kind": {"enum": ["transition", "override"]}}, {"to": place}),
        ]
        fields = ({"narration": _PROSE_SCHEMA} if "narration" in topic_names else {}) | timer
        if "ways" in topic_names:
            fields |= {"from": places, "to": place, "detail": _CHOICE, "base": _PROSE_SCHEMA, **lock}
            forms.append(_op("rename_event", {"from": event, "to": _ID}))
        if fields:
            forms.append(_op("update_event", {"name": event}, fields))
        consoles = [name for name in outline.consoles if name in events]
        if consoles and "consoles" in topic_names:
            facts = list_of(closed_object({"requires": flags}, text=_PROSE_SCHEMA), 1, 12)
            console = closed_object({"greeting": _PROSE_SCHEMA, "facts": facts}, persona=_PROSE_SCHEMA)
            forms.append(_op("update_event", {"name": {"enum": consoles}, "terminal": console}))
    if states:
        any_event = {"anyOf": [event, _ID]} if events else _ID
        forms_by_topic = _forms_by_topic(state, any_event, outline)
        forms += [  # an event needs what another gives; either may be new in the same answer
            _op("set_event_requires", {"event": any_event, "value": flags}),
            _op("set_event_grants", {"event": any_event, "value": flags}),
            _op("set_event_locked_hint", {"event": any_event, "hint": _PROSE_SCHEMA}),
        ]
        forms += [form for topic in sorted(topic_names) for form in forms_by_topic.get(topic, ())]
    return forms


def _flag(outline: Outline) -> Schema:
    """Return the form of a flag: one of those that there are, or a new one."""
    return {"anyOf": [{"enum": [*outline.flags]}, _ID]} if outline.flags else _ID


def _state_texts(outline: Outline, topic_names: Collection[str]) -> list[Schema]:
    """Return the operations on the texts of states besides their bases: of those that are shown, and that are meant."""
    forms: list[Schema] = []
    if not {"narration", "ambient"}.isdisjoint(topic_names):
        forms.append(_other_texts_form(outline.states, {"narration", "ambient", *topic_names} | outline.texts))
    elif outline.texts - {"variants"}:
        forms.append(_other_texts_form(outline.whole, outline.texts))
    if "variants" in outline.texts and "variants" not in topic_names:
        forms.append(_variant_form(outline.whole))
    return forms


def _other_texts_form(states: Sequence[str], texts: Collection[str]) -> Schema:
    fields = {name: form for name, form in STATE_TEXTS.items() if name in texts}
    return _op("update_state", {"id": {"enum": [*states]}}, fields)


def _variant_form(states: Sequence[str]) -> Schema:
    fields = {"enum": ["label", *_TEXT_FIELDS]}
    return _op(
        "set_variant_field",
        {"state": {"enum": [*states]}, "label": _LINE_SCHEMA, "field": fields, "value": _PROSE_SCHEMA},
    )


def _forms_by_topic(state: Schema, any_event: Schema, outline: Outline) -> dict[str, list[Schema]]:
    """Return the operations of each topic; they may name an event that the same answer adds."""
    phase = closed_object({"camera": _PROSE_SCHEMA}, base=_PROSE_SCHEMA)
    beats = list_of(closed_object(state=state), 2, 8)
    mission = {"enum": [*outline.missions]}
    any_mission = {"anyOf": [mission, _ID]} if outline.missions else _ID
    objectives = list_of(
        closed_object({"location": {"anyOf": [state, _ID]}}, id=_flag(outline), text=_LINE_SCHEMA), 1, 8
    )
    return {
        "anchor": [_op("set_event_anchor", {"event": any_event, "label": _LINE_SCHEMA})],
        "hotkey": [_op("set_event_hotkey", {"event": any_event, "value": _text(1)})],
        "missions": [
            _op("set_mission", {"id": any_mission, "title": _LINE_SCHEMA, "objectives": objectives}),
            *([_op("remove_mission", {"id": mission})] if outline.missions else ()),
        ],
        "phases": [_op("set_event_phases", {"event": any_event, "value": list_of(phase, 2, 4)})],
        "sequences": [
            _op("add_sequence", {"id": _ID, "title": _LINE_SCHEMA, "beats": beats}),
            _op("remove_sequence", {"id": _ID}),
        ],
        "story": [
            _op("set_story", {"logline": _PROSE_SCHEMA}),
            _op("add_story_beat", {"summary": _PROSE_SCHEMA}),
            _op("set_world", {}, {"name": _LINE_SCHEMA, "description": _PROSE_SCHEMA}),
        ],
        "variants": [
            _op("add_variant", {"state": state, "label": _LINE_SCHEMA, "base": _PROSE_SCHEMA}),
            _variant_form(state["enum"]),
            _op("remove_variant", {"state": state, "label": _LINE_SCHEMA}),
        ],
    }


def _op(name: str, required: dict[str, Schema], optional: dict[str, Schema] | None = None) -> Schema:
    return closed_object(optional, op={"const": name}, **required)
