"""Reading what a premise wants done: a verb phrase that can stand alone, whoever its subject is.

Whose things they are is left out and pronouns are replaced, so that the same phrase serves "You have to ..." and "She
has to ...". A clause that cannot be kept whole is cut where a noun has just ended; what still hangs is given up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from worldkit.generation.text.constraints import clean
from worldkit.generation.text.english import plain, the
from worldkit.generation.text.lexicon import HANGING
from worldkit.generation.text.word_sets import word_map, word_set, words
from worldkit.language.lexicon import lexicon
from worldkit.language.word_sets import word_set as premise_words

LONGEST, MOST = 64, 12
"""Characters and words that a purpose may have."""

WORD = re.compile(r"[a-z]+(?:[-'][a-z]+)*")
_MUST = re.compile(
    r"\b(?:must|ha(?:s|ve) (?:(?:only )?[a-z]+ [a-z]+ )?to|needs? to|tr(?:y|ies|ying) to|wants? to|hopes? to|longs? to"
    r"|sets? out to|sent to|ordered to|asked to|hired to|forced to|determined to|races? to|plans? to|decides? to"
    r"|vows? to|swears? to|fights? to|struggles? to|chosen to|told to)\s+(?:now |first |finally |soon |[a-z]+ly )?"
)
_BREAK = re.compile(
    r"[.,;:!?()\"“”…–—]|\s-\s|\b(?:before|while|but|until|because|when|as|after|so|if|and|or|then|lest|though|although)\b"
)
_SOFTER = dict.fromkeys(words("goal", "softer"), "face")
_SEARCH = word_set("goal", "search")
_RELATIVE = word_set("goal", "relative")
_ASKING = word_set("goal", "asking")
_HE = word_set("goal", "he")
_HIM = word_set("goal", "him")
_HIS = word_set("goal", "his")
_GIVING = word_set("goal", "giving")
_MAKING = word_set("goal", "making")
"""Verbs after whose object another verb may follow."""
_ASIDE = word_set("goal", "aside")
_ARTICLES = frozenset(["a", "an", "the"])
_PARTICLES = word_set("goal", "particles")
_PLACED = word_set("goal", "placed")
_NO_VERB = HANGING | word_set("goal", "no_verb")
_WORN = word_set("goal", "worn")
_LEADING = HANGING | _RELATIVE | _WORN | word_set("goal", "leading") - _PARTICLES
_TAKEN = word_map("goal", "taken")
_OWN = word_set("goal", "own")
"""What is not lost when somebody looks for it."""
_ABSTRACT = word_set("goal", "abstract")
_CONVEYING = word_set("goal", "conveying")
"""Verbs that move somebody or something, so that they end where the goal says."""
_REACHING = word_set("goal", "reaching")
"""Verbs whose object may be the place where the goal is reached."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a premise when its purpose is read.

    Attributes:
        verbs: Verbs that a purpose may begin with, and
        wide: whether any other will do where the premise says that something must be done.
        who: The player's character in one word.
        setting: The chief place, which need not be said again; empty when there is none.
        it: What "it" may be, with its article; empty when that is not known.
    """

    verbs: frozenset[str]
    wide: bool
    who: str
    setting: str
    it: str = ""


def orders(text: str) -> list[re.Match[str]]:
    """Return where a text says that something must be done: every "must", "has to" and the like."""
    # what must be true of a thing is no order, and neither is the plan to do something
    return [
        match
        for match in _MUST.finditer(text)
        if not re.search(r"\b(?:that|which|who|the|an?|his|her|their) \Z", text[: match.start()])
    ]


def purpose(text: str, context: Known) -> str:
    """Return what is to be done, as a verb phrase; empty when a text does not say.

    Args:
        text: In small letters.
        context: What else it says.
    """
    for order in orders(text):
        if goal := verb_phrase(text[order.end() :], context):
            return goal
    for sentence in re.split(r"[.!?;] ?", text):
        first = WORD.match(sentence)
        if first and first[0] in context.verbs and (goal := verb_phrase(sentence, context)):
            return goal
    return _from_narration(text, context)


_MISSING = re.compile(
    r"\b(?:the|an?|one|his|her|their|its|my|our|your) ((?:[a-z'-]+ ){0,2}[a-z-]+?)(?:'s)? "
    r"(?:is |are |has |have |was |were |goes |go )(?:been |suddenly |still )?"
    r"(missing|gone|lost|stolen|disappeared|vanished|taken|kidnapped)\b"
)
_LOSING = re.compile(
    r"\b(?:ha(?:s|ve|d) (?:just |once )?(?:lost|misplaced|mislaid)|loses|mislays|misplaces) "
    r"(?:the|an?|one|his|her|their|its|my|our|your) ((?:[a-z-]+ ){0,3}[a-z-]+)"
)
_END_OF_NAME = re.compile(r" (?=(?:in|on|at|to|of|from|for|under|behind|before|after|and|or|while|with|is|has|who)\b)")
_WANTED_BACK = re.compile(
    r"\bwants? (?:it|them|him|her|(?:the|his|her|their|its|my|our|your) ((?:[a-z-]+ )?[a-z-]+)) back\b"
)
_NAMED = re.compile(r"\b(?:the|an?|his|her|their|its|my|our|your) ([a-z-]+)")
_SHUT_IN = re.compile(
    r"\b(?:locked|trapped|stuck|stranded|snowed|imprisoned|marooned|shut|sealed|caught|confined|buried)\b"
    r"(?: [a-z]+){0,2}? (in|inside|on|aboard|at|under|beneath|up)\b"
)


_DAMAGED, _HARMED, _DONE, _KILLED, _STOLEN = (
    words("goal", name) for name in ("damaged", "harmed", "done", "killed", "stolen")
)
"""Words for what may be done: to a thing that can be mended, to one that cannot, to any by somebody unknown, to a
person; and for taking away."""
_OBJECT = r"(?P<object>(?:the|an?|his|her|their|its|my|our|your) (?:[a-z'-]+ ){0,3}?[a-z-]+)"
_END = r"(?=[.,;!?]|$| (?:and|at|in|on|with|before|after|during|when|while|last|from|by|of)\b)"
_DEED = re.compile(
    r"\b(?:somebody|someone|strangers?|thieves|vandals|robbers|burglars) (?:has |have |had )?"
    rf"(?P<deed>{'|'.join((*_DAMAGED, *_HARMED, *_DONE, *_KILLED, *_STOLEN))}) {_OBJECT}{_END}"
)
_GOING_ON = re.compile(
    r"\b(something|somebody|someone) (?:is|has been|keeps) ([a-z]+ing(?: [a-z'-]+){1,7})(?=[.,;!?]|$)"
)
_FATE = re.compile(rf"{_OBJECT} (?:is|was|has been|had been) (?P<deed>{'|'.join((*_HARMED, *_KILLED))}){_END}")
_INTERRUPTION = re.compile(
    r"(?:\b(?:the|an?|his|her|their|its|my|our|your) |\A)((?:[a-z'-]+ )?[a-z-]+?) "
    r"(?:is (?:out of order|broken|failing)|goes out|has (?:gone out|stopped|failed)|stops|fails|breaks(?: down)?"
    rf"|(?:is|was|has been) (?:{'|'.join(_DAMAGED)}))"
    r"(?=[.,;!]|$| (?:and|at|in|on|before|after|during|when|while)\b)"
)


def missing(text: str) -> str:
    """Return whom or what a text says to be missing, without article; empty for nothing.

    Args:
        text: In small letters.
    """
    # the moon has lost a button: it is the button that is missing
    if match := _LOSING.search(text):
        words = _END_OF_NAME.split(match[1])[0].split()
    else:
        words = match[1].split() if (match := _MISSING.search(text)) else []
    while words and words[0] in _LEADING | _ARTICLES:
        words.pop(0)
    phrase = " ".join(words)
    return phrase if words and words[-1] not in HANGING and clean(phrase) else ""


def _case(text: str) -> str:
    """Return what is to be done about what was done to somebody or something; empty when a text tells of no deed."""
    if match := _GOING_ON.search(text):
        who, rest = ("what" if match[1] == "something" else "who"), match[2]
        goal = f"find out {who} is {rest}"
        words = rest.split()
        is_whole = words[-1] not in _LEADING | _PARTICLES and not (_HE | _HIM | _HIS) & set(words)
        return goal if is_whole and clean(goal) and len(goal) <= LONGEST else ""
    match = _DEED.search(text) or _FATE.search(text)
    if not match:
        return ""
    article, _, name = match["object"].partition(" ")
    deed, head = match["deed"], name.split()[-1]
    # what is taken is stolen when it is somebody's: to take a walk is no theft
    if head in HANGING | _ARTICLES or (deed == "took" and article in ("a", "an")):
        return ""
    name = the(name)
    if deed in _KILLED:
        goal = f"find out what happened to {name}"
    elif deed in _STOLEN:
        goal = f"recover {name}"
    else:
        goal = f"mend {name}" if deed in _DAMAGED else f"find out who {deed} {name}"
    return goal if clean(goal) and len(goal) <= LONGEST else ""


def situation(text: str, context: Known) -> str:
    """Return what is to be done about what a text tells: find what is missing, mend what is broken, get out of a trap.

    What happened to a thing decides: what was stolen is got back, what was broken is mended, and of what was poisoned
    or burned one finds out who did it.

    Args:
        text: In small letters.
        context: What else it says.

    Returns:
        A verb phrase; empty when the text tells of neither, or says itself what must be done.
    """
    if orders(text):
        return ""
    if match := _WANTED_BACK.search(text):
        earlier_names = _NAMED.findall(text[: match.start()])
        if name := match[1] or next(reversed(earlier_names), ""):
            return f"recover the {name}" if clean(name) else ""
    if goal := _case(text):
        return goal
    if (missing_name := missing(text)) and missing_name.split()[-1] != context.who:
        return f"find the {'' if 'missing' in missing_name.split() else 'missing '}{missing_name}"
    if broken_thing := _INTERRUPTION.search(text):
        is_whole = broken_thing[1].split()[-1] not in HANGING | _ARTICLES
        return f"mend the {broken_thing[1]}" if is_whole and clean(broken_thing[1]) else ""
    if enclosure := _SHUT_IN.search(text):
        way = "get off" if enclosure[1] in ("on", "aboard") else "get out of"
        return f"{way} {the(context.setting)}" if context.setting else "find the way out"
    return ""


def _from_narration(text: str, context: Known) -> str:
    """Return the purpose of a premise that only tells what somebody does."""
    line = re.split(r"[.!?;]", text)[0]
    # what somebody goes somewhere for says more than the going
    for match in re.finditer(r"(?<=[a-z]) to (?=([a-z]+) )", line):
        # the plan to kill the king says what the plan is, and not what is to be done
        is_of_noun = line[: match.start()].rpartition(" ")[2] in premise_words("with_infinitive")
        if match[1] in context.verbs and not is_of_noun and (goal := verb_phrase(line[match.end() :], context)):
            return goal
    matches = list(WORD.finditer(line))
    for before, at in pairwise(matches):
        word, many = at[0], before[0].endswith("s") and not before[0].endswith(("ss", "'s"))
        verb = word if many else plain(word)
        if (verb == word and not many) or before[0] in _RELATIVE or before[0] in ("it", "never"):
            continue
        rest = line[at.end() :]
        if verb == "look" and not rest.startswith(" for "):
            continue
        if verb not in context.verbs | _SEARCH or not re.match(r" (?:[a-z]+ )?[a-z]", rest):
            continue
        if _is_comparative(rest.split()[0]):
            continue  # what grows heavier has no object
        if verb == "wake" and not re.match(r" (?:the|an?|his|her|up) ", rest):
            continue
        if goal := verb_phrase(verb + rest, context):
            return goal
    return ""


def _is_comparative(word: str) -> bool:
    words = lexicon()
    is_noun = word in ("more", "less") or "n" in words.counts(word)
    return (
        not is_noun
        and word.endswith("er")
        and any("a" in words.counts(base) for base in (word[:-2], word[:-1], f"{word[:-3]}y", word[:-3]))
    )


def verb_phrase(text: str, context: Known) -> str:
    """Return the verb phrase that a text begins with, as one that stands by itself; empty when it has none that does.

    Args:
        text: In small letters.
        context: What else the premise says.
    """
    words = []
    for word in _clause(text).split():
        if not WORD.fullmatch(word):
            break
        words.append(word)
    if not words or not _may_begin(words[0], context):
        return ""
    words = _find_for_seek([_SOFTER.get(words[0], words[0]), *words[1:]])
    words = _without_loose_end(_at_home(_without_loose_end(_agreeing(words, context)), context.setting))
    if len(words) > 3 and words[-2] == "to" and words[-1] in context.verbs:
        words = _without_loose_end(words[:-2])
    while len(" ".join(words)) > LONGEST or len(words) > MOST:
        ends = [at for at, word in enumerate(words) if at > 2 and (word in _LEADING or word == "from")]
        if not ends:
            return ""
        words = _without_loose_end(words[: ends[-1]])
    phrase = " ".join(words)
    return phrase if len(words) > 1 and clean(phrase) else ""


def _clause(text: str) -> str:
    first, *more = _BREAK.split(text, maxsplit=1)
    last = re.split(r"\bbetween\b", first)[-1]
    # between the sword and the crown: this "and" holds the clause together
    if last != first and more and text[len(first) :].startswith("and "):
        return f"{first}and {_BREAK.split(more[0], maxsplit=1)[0]}"
    return first


def _may_begin(verb: str, context: Known) -> bool:
    if verb in context.verbs or verb in _SOFTER:
        return True
    return context.wide and len(verb) > 1 and verb not in _NO_VERB | _LEADING and not verb.endswith(("ly", "ing", "'s"))


def _find_for_seek(words: list[str]) -> list[str]:
    """Put every kind of seeking as finding: it is what the ending is about."""
    if words[0] in _SEARCH and "for" in words[1:-1]:
        return ["find", *words[words.index("for") + 1 :]]
    if words[0] == "seek":
        return ["find", *words[2 if words[1:2] == ["out"] else 1 :]]
    return words


def _agreeing(words: list[str], context: Known) -> list[str]:
    """Leave out or replace what only one person can say, and cut what a prose rule refuses."""
    phrase = [words[0]]
    for at, word in enumerate(words[1:], 1):
        after = words[at + 1] if at + 1 < len(words) else ""
        relative_index = max((n for n, phrase_word in enumerate(phrase) if phrase_word in _RELATIVE), default=0)
        if not clean(word):
            return phrase[: relative_index or len(phrase)]
        if word in _HE or (word == "it" and relative_index and phrase[-1] in _RELATIVE):
            if not relative_index:
                return phrase
            if phrase[relative_index] not in _ASKING or (
                phrase[relative_index] in ("who", "which") and phrase[1:2] != ["out"]
            ):
                return phrase[:relative_index]
            if phrase[relative_index] == "what" and after in _TAKEN and at + 2 == len(words):
                return [*phrase, "was", _TAKEN[after]]
            phrase += ["the", context.who]
        elif word == "it":
            if at > 1 or not context.it:
                return phrase
            phrase += context.it.split()
        elif word in _HIS and after and after not in HANGING:
            article = any(phrase_word in _ARTICLES for phrase_word in phrase[1:])
            if article and phrase[-1] not in HANGING | _ASIDE and phrase[0] not in _GIVING and not relative_index:
                return phrase
            last = at + 2 == len(words) or words[at + 2] in HANGING - _RELATIVE
            phrase += ["the", "lost"] if phrase == ["find"] and last and after not in _WORN | _OWN else ["the"]
        elif word in _HIM or word in _HIS:
            return phrase
        elif word != "own" or phrase[-1] != "the":
            phrase.append(word)
    return phrase


def _without_loose_end(words: list[str]) -> list[str]:
    """Remove trailing words that begin another phrase, and put a particle behind its verb."""
    words = list(words)
    while len(words) > 1:
        last = words[-1]
        related = next((at for at, word in enumerate(words) if word in _RELATIVE), 0)
        if last == "for" and related and words[related] == "what":
            words = [*words[:related], "why", *words[related + 1 : -1]]
        elif last == "why" and len(words) <= 3:
            words[-1:] = ["the", "reason"]
        elif last in _PARTICLES:
            words.pop()
            if not related and len(words) > 2 and words[1] in _ARTICLES and not _LEADING & set(words[2:]):
                words.insert(1, last)
        elif last in _LEADING and not _noun(last, words[-2]):
            words.pop()
        else:
            break
    return words


def _noun(word: str, before: str) -> bool:
    """Say whether a word that usually begins another phrase is a noun here: the will, the wrong one."""
    return (word == "will" and before in _ARTICLES) or (word == "one" and before not in HANGING)


def _at_home(words: list[str], setting: str) -> list[str]:
    """Leave out where it is done when that is the chief place."""
    where = setting.split()
    start = len(words) - len(where)
    if not where or words[start:] != where:
        return words
    if words[start - 1] in _ARTICLES:
        start -= 1
    return words[: start - 1] if start > 3 and words[start - 1] in _PLACED else words


def object_of(goal: str, places: frozenset[str] = frozenset()) -> str:
    """Return the thing that a purpose is about, with its article; empty when it is about none that can be seen.

    Args:
        goal: As ``purpose`` returns it.
        places: Words for places, which are no things.
    """
    words = goal.split()[1:]
    if words and words[0] in _PARTICLES | {"back"}:
        words = words[1:]
    if len(words) < 2 or words[0] not in _ARTICLES:
        return ""
    phrase: list[str] = words[:1]
    for word in words[1:5]:
        if word in (_LEADING - _WORN - {"only"}) | _PARTICLES | _ASIDE | _ARTICLES or word == "from":
            break
        phrase.append(word)
    has_verb = goal.split()[0] in _MAKING or (goal.startswith("set ") and phrase[-1].endswith("ing"))
    if has_verb and len(phrase) > 2:
        phrase.pop()
    head = phrase[-1]
    if (
        len(phrase) < 2
        or head in _WORN
        or len(phrase) > 4
        or head in _ABSTRACT
        or head in places
        or head.removesuffix("s") in places
    ):
        return ""
    return " ".join(phrase)


_NO_DESTINATION = word_set("goal", "no_destination")
"""To what something is brought without going anywhere: to an end, to a halt."""
_TOWARD = re.compile(r"(?:.* )?(?:to|into|onto|aboard) (?:the|an?) (.+)")
_BEHIND_NAME = re.compile(r" (?:in|on|at|behind|under|beneath|beside|by|near|where|whose|that|which|with|from|before) ")


def destination(goal: str) -> str:
    """Return where a purpose ends, without article: the place that it leads to, or ``"home"``; empty for none.

    Args:
        goal: As ``purpose`` returns it.
    """
    verb, _, rest = goal.partition(" ")
    if verb in _CONVEYING | {"find"} and re.search(r"(?:\A|the way | )home\Z", goal):
        return "home"
    # the last "to" that leads somewhere: across the lake to the castle
    if verb in _CONVEYING and (match := _TOWARD.fullmatch(rest)):
        place = _BEHIND_NAME.split(match[1])[0]
        return "" if place.split()[-1] in _NO_DESTINATION else place
    words = _BEHIND_NAME.split(rest)[0].split()
    return " ".join(words[1:]) if verb in _REACHING and words[:1] and words[0] in _ARTICLES else ""
