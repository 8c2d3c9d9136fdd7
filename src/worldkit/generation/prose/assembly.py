"""Puts a plan and its prose together into a world document."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import asdict

from worldkit.core.conversion import with_unsent_prose
from worldkit.core.json_values import Json
from worldkit.core.profile import HOSTED
from worldkit.core.progress import Address
from worldkit.editing.hotkeys import assign_hotkeys
from worldkit.generation.engines.base import seed_of
from worldkit.generation.planning.plan import Plan, PlanEnding, PlanStep, graph_event
from worldkit.generation.planning.proper_words import plain_form
from worldkit.generation.text import phrases
from worldkit.generation.text.english import capital, proper, third, title
from worldkit.generation.text.phrases import fill
from worldkit.generation.text.word_sets import ARTICLES
from worldkit.language.lexicon import lexicon

ANCHOR_PROXIMITY = 0.2
"""How near an anchor must be: a fifth of the picture's shorter side."""


def document(plan: Plan, texts: Mapping[Address, str]) -> Json:
    """Return the world document of a plan; every base holds its subject and style tail, which hosted players omit."""
    title_names = {title(form): title(name) for form, name in _written_owners(plan).items()}
    title_names |= {title(plain_form(name)): name if name[0].isupper() else title(name) for name in plan.proper_words}
    proper_names = _written_names(plan)
    subject = f"{capital(proper(plan.look, proper_names))}."
    name, description = proper(plan.name, title_names), proper(_description(plan), proper_names)
    return document_of(name, description, scene(plan, texts), subject, plan.air, plan.logline)


def document_of(name: str, description: str, scene: Json, subject: str, style_tail: str, logline: str) -> Json:
    """Return a document whose first state is the entrance; every base holds its subject and style tail."""
    return with_unsent_prose(
        {
            "schemaVersion": "1.0",
            "name": name,
            "description": description,
            "entrance": {"state": next(iter(scene["states"]))},
            "scene": scene,
            "subject": subject,
            "styleTail": style_tail,
            "story": {"logline": logline},
        },
        HOSTED,
    )


def scene(plan: Plan, texts: Mapping[Address, str]) -> Json:
    """Return the states and events of a plan, without the prose that belongs to the whole world."""
    keys = assign_hotkeys((step.name, step.at, step.do) for step in plan.steps)
    names = _written_names(plan)
    texts = {at: proper(text, names) for at, text in texts.items()}
    return {
        "states": {place.id: state_body(place.id, place.end, texts) for place in plan.places},
        "events": [_event(plan, step, texts, names, keys.get(step.name)) for step in plan.steps],
    }


def _description(plan: Plan) -> str:
    """Return who has to do what, and what stands in the way, put by what the plan itself is."""
    ids = [place.id for place in plan.places]
    dice = random.Random(seed_of("logline", plan.premise, *ids))
    inner = [place.the for place in plan.places if place.end is None]
    ends = {place.end.kind: place.the for place in reversed(plan.places) if place.end}
    needs = next(set(step.requires) for step in plan.steps if step.kind == "goal")
    tool = next(step.thing for step in plan.steps if not needs.isdisjoint(step.grants))
    door = next((step.thing for step in plan.steps if step.kind == "lock"), None)
    look = f"{plan.look}," if "," in plan.look else plan.look
    words = {
        "look": look,
        "Look": capital(look),
        "goal": f"{plan.goal} {plan.deadline}".rstrip(),
        "first": inner[0],
        "second": inner[1 % len(inner)],
        "third": inner[-1],
        "last": ends.get("win", inner[-1]),
        "fall": ends.get("lose", inner[-1]),
        "tool": tool.the,
        "door": door.the if door else "",
    }
    things = {"t": tool} | ({"d": door} if door else {})
    lures = [*phrases.family("lure"), *(phrases.family("barred") if door else ())]
    return " ".join(fill(dice.choice(family), things, words) for family in (phrases.family("aim"), lures))


def state_body(id: str, end: PlanEnding | None, texts: Mapping[Address, str]) -> Json:
    """Return a state with those of its texts that there are; an ending has its own subtitle where none is written."""
    body = _place_prose(texts, id)
    if narration := texts.get(("state", id, "narration")):
        body["narration"] = narration
    if end:
        body["ending"] = asdict(end) | {"subtitle": texts.get(("state", id, "subtitle"), end.subtitle)}
    if ("state", id, "variant.B.base") in texts:
        body["variants"] = [{"label": "B", **_place_prose(texts, id, "variant.B.")}]
    return body


def _place_prose(texts: Mapping[Address, str], id: str, version: str = "") -> Json:
    def text(field: str) -> str:
        return texts["state", id, version + field]

    return {
        "base": text("base"),
        "camera": {"static": text("camera.static"), "dynamic": text("camera.dynamic")},
        "movement": {"static": text("movement.static"), "dynamic": text("movement.dynamic")},
        "ambient": [text("ambient.0"), text("ambient.1")],
    }


def _event(
    plan: Plan, step: PlanStep, texts: Mapping[Address, str], names: Mapping[str, str], hotkey: str | None
) -> Json:
    body = graph_event(step.name, step.at, step.to)
    body["detail"] = proper(_label(plan, step), names)
    body["base"] = texts["event", step.name, "base"]
    if ("event", step.name, "narration") in texts:
        body["narration"] = texts["event", step.name, "narration"]
    if hotkey:
        body["hotkey"] = hotkey
    if step.grants:
        body |= {"oneShot": True, "grants": list(step.grants)}
    if step.requires:
        body |= {"requires": list(step.requires), "lockedHint": proper(step.hint, names)}
    if step.kind == "deny":
        body["oneShot"] = True
    if step.kind not in ("back", "goal", "fall"):
        body["anchor"] = {"label": step.thing.bare, "minProximity": ANCHOR_PROXIMITY}
    return body


def _label(plan: Plan, step: PlanStep) -> str:
    label = capital(step.do)
    if step.kind in ("way", "lock", "drop") and step.to:
        place = plan.place(step.to)
        if place.name not in label:
            label += f" to {place.the}"
    return label


def _written_names(plan: Plan) -> dict[str, str]:
    """Return how the premise writes its names, each by its plain form; common words with a word beside them."""
    owners = _written_owners(plan)
    names = owners | {capital(form): name for form, name in owners.items()}
    for name in plan.proper_words:
        form = plain_form(name)
        if " " in form or not name.isascii() or not lexicon().counts(form) or name[1:].isupper():
            names[form] = name
            continue
        # mark is a verb too: it has a capital only in what was read
        names_read = (*(place.name for place in plan.places), *(step.thing.the for step in plan.steps))
        for phrase in (plan.goal, third(plan.goal), plan.deadline, *names_read):
            written_phrase = re.sub(rf"\b{re.escape(form)}\b", name, phrase)
            if written_phrase != phrase:
                names |= {phrase: written_phrase, capital(phrase): capital(written_phrase)}
    return names


def _written_owners(plan: Plan) -> dict[str, str]:
    """Return how those are written whose something is, each by its plain form with an article: Ngozi's, for a shop."""
    premise, forms = f" {plain_form(plan.premise)}", ((plain_form(name), name) for name in plan.proper_words)
    return {
        f"the {form}'s": f"{name}'s"
        for form, name in forms
        if not any(f" {article} {form}'s" in premise for article in ARTICLES)
    }
