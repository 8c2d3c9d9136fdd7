"""Quoted text in an instruction: while it is read, quoted text is one word that no pattern looks into."""

from __future__ import annotations

import re

from worldkit.generation.text.word_sets import words

_SINGLE = r"(?:[^']|(?<=\w)'(?=\w))*"
"""What stands between single quotes, with the apostrophes of its words."""
_QUOTED = re.compile(
    rf""""[^"]*"|(?<!\S)'{_SINGLE}'(?=\s*(?:[;.!,\n]|\Z|(?:and|as|between|read|say|then|to|with)\b))"""
)
"""Quoted text. An apostrophe opens or closes it only where no name or contraction can have one."""
_MASKED, _MASKS = " ;.!", "\0\1\2\3"
_MASK, _UNMASK = str.maketrans(_MASKED, _MASKS), str.maketrans(_MASKS, _MASKED)
_STRAIGHT = str.maketrans(f"“”„‘’{_MASKS}", '"""\'\'    ')
VERB = rf"(?:{'|'.join(words('revision', 'verbs'))}) +"
"""How an instruction begins."""

_ONE_QUOTE = re.compile(rf"""\s*(?:"([^"]*)"|'({_SINGLE})')\s*""")
_OPENING_QUOTE = re.compile(r"""\"|'.*'(?!\w)""")
_QUOTED_START = re.compile(
    r"""(["'])[^"']*,\1 """
    rf"""|(?:"[^"]*"|'{_SINGLE}') (?!(?:and|as|but|into|or|then|to|with)\b)(?=[^\W\d_])"""
)
"""Quoted text that one text begins with: ``"Go," she says, "on"``, ``"Keep out" is painted on the gate``."""
_INSTRUCTION_AFTER = re.compile(rf"[ ,](?:and|then) +{VERB}", re.IGNORECASE)


def mask_quotes(text: str) -> str:
    """Return a text with straight quotation marks and with quoted text masked."""
    return _QUOTED.sub(lambda quoted: " ".join(quoted[0].split()).translate(_MASK), text.translate(_STRAIGHT))


def unmask_quotes(text: str) -> str:
    """Return a text with quoted text as it was."""
    return text.translate(_UNMASK)


def without_quotes(text: str) -> str:
    """Return a text without the pair of quotes around the whole of it; quotes inside it are its own."""
    text = unmask_quotes(text).strip()
    pair = _ONE_QUOTE.fullmatch(text)
    return (pair[1] or pair[2] or "").strip() if pair else text


def whole_name(text: str) -> str | None:
    """Return a name, or None where more follows the quoted part of it."""
    name = without_quotes(text)
    is_quoted_part = name == unmask_quotes(text).strip() and _OPENING_QUOTE.match(name)
    return None if is_quoted_part else name


def whole_text(text: str) -> str | None:
    """Return a text that is to be written, or None where an instruction may follow the quoted part of it."""
    is_one_text = _QUOTED_START.match(text) and not _INSTRUCTION_AFTER.search(text)
    return without_quotes(text) if is_one_text else whole_name(text)
