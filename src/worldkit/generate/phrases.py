"""Hand-written sentences with gaps: what is said where a model is not asked, or has nothing fit to say.

``{a}`` is a thing as it is named, ``{A}`` the same at the start of a sentence, ``{the_a}`` with the definite article,
``{a:stand}`` the verb as the thing needs it. ``a``, ``b`` and ``c`` are things, anything else is plain text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from worldkit.generate.english import capital, third
from worldkit.generate.stock import Thing

BASE = (
    "The {place} {place:stand} in {light}. {A} {a:rest} to one side, and {b} {b:fill} the middle distance.",
    "The {place} {place:wait} in {light}. Close by, {a} {a:catch} what light there is; further back, {b} {b:stand} "
    "in shadow.",
    "The {place} {place:open} out under {light}. {A} {a:lean} at its edge, with {b} beyond.",
    "The {place} {place:lie} in {light}. In front {a:stand} {a}, worn smooth by hands, and behind it {b:wait} {b}.",
    "{A} {a:stand} in the middle of the {place}, in {light}. {B} {b:line} the way past.",
    "The {place} {place:narrow} toward the back, in {light}. {A} {a:mark} the near side and {b} {b:close} off the "
    "far one.",
)
PLAIN = ("The {place} {place:stand} in {light}, with {a} on one side and {b} on the other.",)
FOUND = (
    "{C} {c:lie} {spot}.",
    "{Spot} {c:lie} {c}.",
    "{C} {c:wait} {spot}.",
    "{Spot} {c:rest} {c}.",
)
LYING = ("{C} {c:lie} within reach.", "On a low ledge {c:lie} {c}.")
STILL = (
    "A wide shot of the {place}, {a} in the foreground.",
    "A low shot with {a} close on the left and {b} far on the right.",
    "An even, eye-level shot of {a}, the {place} behind.",
    "A long shot down the {place}, {a} in the middle of the frame.",
    "A close shot of {a}, {b} soft in the background.",
    "A high corner shot of the {place}, {a} small below.",
)
MOVING = (
    "The camera glides past {a} and on along {b}",
    "The camera follows at shoulder height, {a} sliding by on the left",
    "The camera pushes slowly forward between {a} and {b}",
    "The camera tracks sideways past {b}",
    "The camera drifts forward, {a} growing in the frame",
)
STANCE = (
    "The {who} stands still, weight on one foot, head turning slowly.",
    "The {who} waits, shoulders low, breathing evenly.",
    "The {who} pauses, one hand half raised, looking from {a} to {b}.",
    "The {who} stands square, eyes on {a}.",
    "The {who} crouches a little and looks around.",
)
GAIT = (
    "The {who} walks at an even pace, clothes moving with each step.",
    "The {who} moves forward with short, careful steps.",
    "The {who} crosses with a long steady stride, one hand out for balance.",
    "The {who} walks on, eyes on {b}.",
    "The {who} edges forward, shoulder turned to the way ahead.",
)
AMBIENT = (
    "{C} {c:shift} a little and {c:settle}.",
    "A faint draught moves past {c}.",
    "Light slides over {c} and away.",
    "A shadow crosses {c}.",
)
STEP = (
    "The {who} {does}, one hand out in front. Ahead, {a} {a:come} into view.",
    "The {who} {does} in {light}. {A} {a:draw} closer with each step.",
    "The {who} {does}, unhurried; {a} {a:wait} on the other side.",
    "The {who} {does}, and {a} {a:slide} into view.",
)
RETURN = (
    "The {who} {does}, past {b}. {A} {a:stand} as before.",
    "The {who} {does} by the same way, and {a} {a:come} into view again.",
    "The {who} turns and {does}, {a} ahead in {light}.",
)
TAKEN = (
    "The {who} {does} from {spot} and holds {it} up to the light.",
    "The {who} {does} from {spot} and keeps {it}.",
    "The {who} reaches {spot} and {does}.",
)
DONE = (
    "The {who} {does}, and for a moment everything close by answers.",
    "The {who} {does} slowly, with both hands; {a} {a:tremble}.",
    "The {who} {does}, head bent, in {light}.",
)
CLIMAX = (
    "The {who} {does}. {A} {a:fill} the frame, sharp in {light}.",
    "The {who} {does} with steady hands, and {a} {a:move}.",
)
LINE = (
    "You stop for a moment beside {a}.",
    "You look from {a} to {b}, and listen.",
    "You stand in {light} and take it in.",
    "You pass a hand over {a} and look up.",
)
WENT = (
    "You {do} and keep your eyes ahead.",
    "You {do}, one step after another.",
    "You {do}. The {place} {place:come} nearer.",
)
OPENED = (
    "With {the_b} in hand you {do}.",
    "You use {the_b} and {do}.",
)
GAINED = ("You {do}. {why}",)
PLAYED = (
    "You {do}, and everything holds still for a moment.",
    "You {do}. It feels right to have done it.",
    "You {do}, for luck.",
    "You {do}, and go on a little lighter.",
)
ENDED = ("You {do}.",)

_GAP = re.compile(r"\{(\w+)(?::(\w+))?\}")


def fill(template: str, things: Mapping[str, Thing], words: Mapping[str, str]) -> str:
    """Fill the gaps of a template.

    Args:
        template: With gaps as described at the head of this module.
        things: By their letter.
        words: Plain texts by name.
    """

    def said(gap: re.Match[str]) -> str:
        name, verb = gap[1], gap[2]
        if verb:
            return verb if things[name].many else third(verb)
        if name.startswith("the_"):
            return things[name[4:]].the
        if name in words:
            return words[name]
        thing = things[name.lower()]
        return capital(thing.text) if name.isupper() else thing.text

    return _GAP.sub(said, template)
