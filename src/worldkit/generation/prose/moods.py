"""Moods that an instruction can ask for: which words name them, which words they drive out, what shows them.

Hand-written, like the phrases: a mood is made of things a camera sees, so that a small model only has to say where.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from worldkit.generation.text.english import capital, word_list


@dataclass(frozen=True, slots=True, eq=False)
class Mood:
    """One mood.

    Attributes:
        name: Its adjective.
        words: Other words for it, comparatives among them.
        against: The mood that undoes it.
        air: What is added to the sentence of light and atmosphere.
        signs: What shows it, each with verbs for it: the beginning of a sentence a model goes on with.
        lines: Whole sentences for where a model is not asked; ``{thing}`` is something that is there.
        close: What is added under an ending's title.
        swaps: Words it drives out, and what stands in their place.
    """

    name: str
    words: frozenset[str]
    against: str
    air: str
    signs: Mapping[str, tuple[str, ...]]
    lines: tuple[str, ...]
    close: str
    swaps: Mapping[str, str] = field(default_factory=dict)

    def swapped(self, text: str) -> str:
        """Return a text with the words this mood drives out replaced, their capitals kept."""
        if not self.swaps:
            return text

        def other(match: re.Match[str]) -> str:
            replacement = self.swaps[match[0].lower()]
            return capital(replacement) if match[0][0].isupper() else replacement

        return re.sub(rf"\b(?:{'|'.join(self.swaps)})\b", other, text, flags=re.IGNORECASE)


def mood(word: str) -> Mood | None:
    """Return the mood a word names, if it is one.

    Args:
        word: Such as ``"colder"``, ``"hopeful"`` or ``"icy"``.
    """
    lower_word = word.lower()
    return next((one for one in MOODS.values() if lower_word == one.name or lower_word in one.words), None)


def _mood(
    name: str,
    words: str,
    against: str,
    air: str,
    signs: Mapping[str, str],
    lines: tuple[str, ...],
    close: str,
    swaps: str,
) -> Mood:
    pairs = dict(pair.split(">") for pair in swaps.split())
    verbs_by_sign = {sign: word_list(verbs) for sign, verbs in signs.items()}
    return Mood(name, frozenset(word_list(words)), against, air, verbs_by_sign, lines, close, pairs)


MOODS: Mapping[str, Mood] = {
    one.name: one
    for one in (
        _mood(
            "cold",
            "colder coldest chilly chillier icy icier frosty frostier frozen freezing wintry bitter cool cooler",
            "warm",
            "hard frost on every edge",
            {
                "Frost": "whitens clings glitters settles",
                "Thin ice": "creeps glints hardens spreads",
                "A bitter draught": "moves cuts slides",
            },
            (
                "Frost furs {thing}.",
                "Thin ice glints on {thing}.",
                "A bitter draught moves past {thing}.",
                "Rime whitens the edges of {thing}.",
            ),
            "The cold comes in behind you and stays.",
            "warm>cold warmer>colder warmth>cold sunny>overcast sunlit>frostbitten golden>pale summer>winter hot>icy "
            "mild>raw balmy>raw glowing>dimming sunlight>half-light",
        ),
        _mood(
            "warm",
            "warmer warmest cosy cosier cozy cozier sunny sunnier summery hot hotter",
            "cold",
            "warm low sun on every surface",
            {
                "Warm light": "spreads settles pours glows",
                "Sunlight": "pools slants rests spreads",
                "Warm air": "shimmers rises drifts",
            },
            (
                "Warm light rests on {thing}.",
                "Sunlight pools around {thing}.",
                "Warm air shimmers over {thing}.",
                "A soft glow spreads from {thing}.",
            ),
            "The warmth of the day is still in the stones.",
            "cold>warm colder>warmer icy>sunlit frozen>thawed frosty>dewy frost>dew ice>water winter>summer "
            "wintry>summery chilly>mild pale>golden grey>golden gray>golden bitter>mild snow>blossom",
        ),
        _mood(
            "dark",
            "darker darkest dim dimmer gloomy gloomier black blacker shadowy shadowier murky",
            "bright",
            "deep shadow with one weak light",
            {
                "Shadow": "gathers spreads deepens pools",
                "Darkness": "thickens closes gathers",
                "A weak lamp": "flickers gutters fades",
            },
            (
                "Shadow gathers around {thing}.",
                "Darkness pools behind {thing}.",
                "A weak lamp gutters beside {thing}.",
                "The far side of {thing} is lost in shadow.",
            ),
            "The last light goes, and the dark has the rest.",
            "bright>dim brighter>dimmer sunny>gloomy sunlit>shadowed golden>ashen white>grey day>night daylight>dusk "
            "noon>midnight gleaming>dull shining>dull morning>night sunlight>dusk pale>dark",
        ),
        _mood(
            "bright",
            "brighter brightest light lighter sunlit luminous shining",
            "dark",
            "clear bright light from every side",
            {
                "Clear light": "falls spreads pours",
                "A bright beam": "crosses rests slants",
                "Daylight": "fills floods settles",
            },
            (
                "Clear light falls on {thing}.",
                "A bright beam rests on {thing}.",
                "Daylight floods in around {thing}.",
                "Every edge of {thing} shines.",
            ),
            "The light reaches every corner, and stays.",
            "dark>bright darker>brighter darkness>daylight dim>clear gloomy>sunny black>white shadow>light "
            "shadows>lights shadowed>sunlit night>day midnight>noon dusk>morning murky>clear dull>shining",
        ),
        _mood(
            "hopeful",
            "happier happy cheerful joyful uplifting kinder gentler optimistic sweeter friendlier merrier",
            "bleak",
            "first light opening at the edge of the sky",
            {
                "A thread of light": "opens spreads rests",
                "A green sprig": "rises leans opens",
                "A small bird": "lands sings waits",
            },
            (
                "A thread of light opens beyond {thing}.",
                "A green sprig stands beside {thing}.",
                "A small bird lands on {thing} and sings.",
                "Somebody has set fresh flowers beside {thing}.",
            ),
            "Far off, somebody is already coming to meet you.",
            "bleak>quiet empty>open broken>mended ruined>rebuilt lonely>peaceful dead>sleeping withered>budding "
            "sad>glad grey>silver gray>silver bitter>sweet abandoned>waiting lost>found",
        ),
        _mood(
            "bleak",
            "bleaker sad sadder lonely lonelier sombre somber grim grimmer hopeless tragic harsher melancholy",
            "hopeful",
            "flat grey light over empty ground",
            {
                "Grey dust": "settles lies drifts",
                "A dry wind": "passes moves drags",
                "Flat grey light": "lies settles spreads",
            },
            (
                "Grey dust lies over {thing}.",
                "A dry wind drags past {thing}.",
                "Flat grey light lies on {thing}.",
                "One old footprint leads away from {thing}.",
            ),
            "Behind you the door stands open, and the room stays empty.",
            "hopeful>weary happy>silent cheerful>hushed golden>grey green>brown blooming>withered fresh>stale "
            "bright>flat laughing>silent laughs>sighs smiles>sighs warm>hollow",
        ),
        _mood(
            "eerie",
            "eerier scary scarier spooky spookier creepy creepier frightening haunted uncanny sinister tense tenser "
            "menacing ominous",
            "calm",
            "thin green-grey light, every shadow a little too long",
            {
                "A long shadow": "stirs leans crosses",
                "A thin whisper": "passes drifts circles",
                "A pale shape": "waits drifts leans",
            },
            (
                "A long shadow leans away from {thing}.",
                "Something taps, slowly, behind {thing}.",
                "A pale shape waits beyond {thing}.",
                "The shadow of {thing} points the wrong way.",
            ),
            "Somewhere behind you, a second set of steps falls still.",
            "friendly>watchful cosy>hushed cheerful>hollow warm>clammy bright>sickly quiet>listening calm>listening "
            "peaceful>listening smiling>staring",
        ),
        _mood(
            "calm",
            "calmer quiet quieter peaceful gentle still stiller serene softer slower tranquil",
            "wild",
            "soft even light and still air",
            {
                "Still air": "hangs rests settles",
                "Soft light": "rests settles lies",
                "A slow drift of dust": "hangs turns settles",
            },
            (
                "Still air rests over {thing}.",
                "Soft light lies along {thing}.",
                "A slow drift of dust turns above {thing}.",
                "A cat sleeps beside {thing}.",
            ),
            "Everything holds still, and for once it may.",
            "storm>calm stormy>still wild>gentle roaring>murmuring loud>soft racing>drifting crashing>lapping "
            "shouting>humming frantic>slow howling>sighing eerie>quiet",
        ),
        _mood(
            "wild",
            "wilder stormy stormier windy windier rougher fiercer dramatic tempestuous rainy rainier wet wetter",
            "calm",
            "driving rain and torn cloud",
            {
                "Driving rain": "beats sweeps streams",
                "A hard gust": "slams sweeps tears",
                "Torn cloud": "races streams rolls",
            },
            (
                "Driving rain beats on {thing}.",
                "A hard gust tears at {thing}.",
                "Torn cloud races above {thing}.",
                "Water streams down {thing}.",
            ),
            "The storm takes the last word.",
            "calm>storm still>shaken gentle>wild quiet>roaring soft>hard murmuring>roaring lapping>crashing "
            "drifting>racing dry>streaming sunny>stormy breeze>gale clear>torn",
        ),
        _mood(
            "misty",
            "mistier foggy foggier hazy hazier dreamy dreamier dreamlike mysterious vague",
            "bright",
            "low mist that softens every edge",
            {
                "Low mist": "curls drifts pools thins",
                "A bank of fog": "rolls settles waits",
                "Pale haze": "hangs drifts spreads",
            },
            (
                "Low mist curls around {thing}.",
                "A bank of fog waits behind {thing}.",
                "Pale haze hangs over {thing}.",
                "Mist beads and runs on {thing}.",
            ),
            "The mist closes, and the shore could be anywhere.",
            "clear>misty sharp>soft bright>hazy sunny>hazy sunlit>hazy blue>grey crisp>blurred",
        ),
        _mood(
            "old",
            "older ancient ruined shabbier shabby decayed dustier dusty rustier rusty weathered crumbling derelict",
            "lively",
            "dusty light through cracked panes",
            {
                "Thick dust": "lies settles drifts",
                "Dry ivy": "climbs hangs curls",
                "Flaking paint": "curls hangs peels",
            },
            (
                "Thick dust lies on {thing}.",
                "Dry ivy climbs over {thing}.",
                "A crack runs the length of {thing}.",
                "Rust has eaten into {thing}.",
            ),
            "It has stood like this for longer than anyone remembers.",
            "new>old newer>older fresh>faded polished>tarnished gleaming>tarnished clean>stained smooth>cracked "
            "painted>flaking shining>rusted modern>ancient",
        ),
        _mood(
            "lively",
            "livelier busy busier crowded noisier colourful colorful festive",
            "bleak",
            "coloured lamps and moving crowds",
            {
                "A string of lanterns": "sways glows swings",
                "A crowd": "passes gathers waits",
                "Bright music": "drifts rises spills",
            },
            (
                "A string of lanterns sways above {thing}.",
                "A crowd passes {thing}, arms full of parcels.",
                "Bright music spills from behind {thing}.",
                "Children run rings around {thing}.",
            ),
            "Everybody you met on the way is here, and singing.",
            "empty>crowded silent>humming lonely>crowded deserted>busy grey>bright gray>bright dusty>polished "
            "abandoned>bustling quiet>lively sleeping>dancing",
        ),
    )
}
"""Every mood by its name."""
