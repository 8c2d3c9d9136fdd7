"""Hand-written sentences with gaps: what is said where a model is not asked, or has nothing fit to say.

``{a}`` is a thing as it is named, ``{A}`` the same at the start of a sentence, ``{the_a}`` with the definite article,
``{a:stand}`` the verb as the thing needs it. ``a``, ``b`` and ``c`` are things, anything else is plain text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from worldkit.generation.planning.stock import Thing
from worldkit.generation.text.english import capital, third

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
    "A shot from behind {b}, {a} framed in the gap.",
    "A ground-level shot, {a} tall against the light.",
    "A centred shot of {b}, {a} cut by the left edge.",
    "A wide, balanced shot, {a} on one third and {b} on the other.",
)
MOVING = (
    "The camera glides past {the_a} and on along {the_b}",
    "The camera follows at shoulder height, {the_a} sliding by on the left",
    "The camera pushes slowly forward between {the_a} and {the_b}",
    "The camera tracks sideways past {the_b}",
    "The camera drifts forward, {the_a} growing in the frame",
    "The camera circles {the_a} in a slow quarter turn",
    "The camera rises from {the_a} and tips toward {the_b}",
    "The camera walks a step behind, {the_b} swaying into view",
    "The camera sinks to the level of {the_a} and creeps on",
)
AMBIENT = (
    "{C} {c:shift} a little and {c:settle}.",
    "A faint current moves past {the_c}.",
    "Light slides over {the_c} and away.",
    "A shadow crosses {the_c}.",
    "The light on {the_c} dims and comes back.",
    "A thin line of light creeps along {the_c}.",
    "Small sounds come and go behind {the_c}.",
    "The shadow of {the_c} lengthens by a hand.",
    "Something ticks softly close to {the_c}.",
    "A glimmer runs along the edge of {the_c}.",
    "Specks turn slowly in the light above {the_c}.",
)
STEP = (
    "The {who} {does}, one hand out in front. Ahead, {a} {a:come} into view.",
    "The {who} {does}, unhurried; {a} {a:wait} on the other side.",
    "The {who} {does}, and {a} {a:slide} into view.",
    "The {who} {does}; {a} {a:draw} close, then closer.",
    "The {who} {does} and stops short in front of {a}.",
    "The {who} {does}. Past {b} the view opens on {a}.",
    "The {who} {does}, looking back once; then {a} {a:take} up the whole view.",
    "The {who} {does}, shoulders turned to the way ahead, while {b} {b:pass} on one side.",
    "The {who} {does} and comes out beside {a}.",
    "The {who} {does}, head low. Slowly {a} {a:rise} in the frame.",
    "The {who} {does}, quickly; behind {b} {a:stand} {a}.",
)
RETURN = (
    "The {who} {does}, past {the_b}. {A} {a:stand} as before.",
    "The {who} {does} by the same way, and {the_a} {a:come} into view again.",
    "The {who} turns and {does}, straight toward {the_a}.",
    "The {who} {does}, quicker this time; {the_a} {a:wait} in the old place.",
    "The {who} {does} with a last look behind. Ahead {a:stand} {the_a}.",
    "The {who} {does} in long strides, and {the_b} {b:slide} by.",
)
TAKEN = (
    "The {who} {does} from {spot} and holds {it} up to the light.",
    "The {who} {does} from {spot} and keeps {it}.",
    "The {who} reaches {spot} and {does}.",
    "The {who} kneels and {does} from {spot}, both hands closing around {it}.",
    "The {who} {does} from {spot} and weighs {it} in one palm.",
    "The {who} {does} from {spot}, turns {it} over once and nods.",
)
DONE = (
    "The {who} {does}, and for a moment everything close by answers.",
    "The {who} {does} slowly, with both hands, then stands back.",
    "The {who} {does}, head bent, eyes narrowed.",
    "The {who} {does} and waits for what follows.",
    "The {who} {does} with a turn of the wrist, and the light shifts.",
    "The {who} {does}, and a faint smile comes and goes.",
    "The {who} {does}, once and carefully, while {the_a} {a:catch} the light.",
)
CLIMAX = (
    "The {who} {does}. Close and clear, {the_a} {a:stand} at the centre of the frame.",
    "The {who} {does}. Everything else falls back, and the light gathers on {the_a}.",
    "The {who} {does}. A held breath, then {the_a} in full light, sharp to the edge.",
    "The {who} {does}. Both shoulders drop, and behind them {the_a} {a:fill} the view.",
    "The {who} {does}. Slowly the frame widens around {the_a}, and {the_b} {b:come} into it.",
    "The {who} {does}. One hand opens, and the light runs over {the_a}.",
)
FALLEN = (
    "The {who} {does}. The light narrows, and {a} {a:close} in.",
    "The {who} {does}. Behind, the way goes dim; ahead {a:wait} {a}.",
    "The {who} {does}. Slowly {a} {a:fill} the frame, and the rest goes dark.",
    "The {who} {does}. Too close now, {a} {a:loom} out of the shadow.",
    "The {who} {does}. The frame tilts, and {b} {b:slide} past.",
)
LINE = (
    "You stop for a moment beside {the_a}.",
    "You look from {the_a} to {the_b}, and listen.",
    "You pass a hand over {the_a} and look up.",
    "You lay a hand on {the_a}, and the cold goes up your arm.",
    "You let your eyes get used to the light. Piece by piece {the_b} {b:come} out of it.",
    "You walk once around {the_a} before you trust the place.",
    "Somebody comes here often. You can tell by {the_a}.",
    "You say a word aloud, to hear how large the place is.",
    "You set your feet softly. Even {the_a} {a:seem} to listen.",
    "You breathe out, and the quiet closes behind you.",
    "You touch {the_a} for luck and look around.",
    "You stand where many have stood, in front of {the_a}.",
    "You keep close to {the_b} until you are sure of the place.",
    "You turn once on the spot. Every way out is a choice.",
    "You feel the place look back at you, {the_a} most of all.",
    "You mark {the_a} in your mind, for the way back.",
    "You move slowly here. It is the kind of place that remembers.",
    "You take in {the_a}, then {the_b}, and decide to be quick.",
    "You hold your breath. So this is the {place}.",
    "You had pictured the {place} larger, and {the_a} smaller.",
    "You count the ways out before you look at {the_a}.",
    "You listen for steps and hear only your own.",
)
WENT = (
    "You {do} and keep your eyes ahead.",
    "You {do}. The {place} {place:come} nearer.",
    "You {do}, and the sounds behind you fade.",
    "You {do} with one look back.",
    "You {do}, faster than you meant to.",
    "You {do}. The air changes.",
    "You {do}, counting under your breath.",
    "You {do}. It is shorter than it looked.",
    "You {do}, and there {place:wait} the {place}.",
    "You {do}, and your heart is louder than all of it.",
)
OPENED = (
    "With {the_b} in hand you {do}.",
    "You use {the_b} and {do}.",
    "You {do} with {the_b}. It gives at the second try.",
    "You {do} with {the_b}, and wait a moment on the threshold.",
    "You {do} with {the_b}. What was shut is only a way now.",
)
GAINED = (
    "You {do}. {why}",
    "You {do} and keep it close. {why}",
    "You {do} before you can think twice. {why}",
    "You {do}, glad that your hands are steady. {why}",
    "So this is where it was. You {do}. {why}",
)
PLAYED = (
    "You {do}, and everything holds still for a moment.",
    "You {do}. It feels right to have done it.",
    "You {do}, for luck.",
    "You {do}, and go on a little lighter.",
    "You {do}. A small thing, and it stays with you.",
    "You {do}, just to see what happens.",
    "You {do}, as somebody must do every day.",
)
WON = (
    "You {do}. For a moment you only listen.",
    "You {do}. It was worth every step.",
    "One last breath. You {do}.",
    "You {do}. Your hands shake; the work is done.",
    "This is what you came for. You {do}.",
    "You {do}. Somewhere inside you a door comes to rest.",
    "You {do}. Now they can ask you how the story ends.",
)
LOST = (
    "You {do}. Too late you look back.",
    "It seems a small thing. You {do}.",
    "You {do}. From here there is only forward.",
    "You {do}. You know at once what you have left behind.",
    "You {do}. The quiet after it is very long.",
)
AIM = (
    "{Look} has to {goal}.",
    "You are {look} and you have to {goal}.",
    "{Look} has one thing to do: {goal}.",
    "{Look} has come to {goal}.",
)
LURE = (
    "It begins at {first}. It can end at {last}, or at {fall}.",
    "Two ways lead on from {first}; one mistake leads to {fall}.",
    "Somewhere past {second} lies {tool}, and all of it leads to {last}.",
    "It takes {tool}, a clear head and a wide way around {fall}.",
    "The way to {last} leads past {second} and {third}, and close by {fall}.",
)
BARRED = (
    "It takes {tool} to do it, and {door} {d:stand} in the way.",
    "Between {first} and {last} {d:stand} {door}, and {fall} is easier to find.",
    "Look for {tool}, get past {door}, and keep clear of {fall}.",
    "What is needed lies about, from {first} to {second}; what matters lies behind {door}.",
)

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
