"""The forms of English verbs."""

from __future__ import annotations

import re

_IRREGULAR_FORMS = {"be": "is", "have": "has"}


def third_person(verb: str) -> str:
    """Return a verb as one does it.

    Example:
        >>> third_person("climb"), third_person("carry"), third_person("go"), third_person("have")
        ('climbs', 'carries', 'goes', 'has')
    """
    if verb in _IRREGULAR_FORMS:
        return _IRREGULAR_FORMS[verb]
    if re.search(r"(?:s|x|z|ch|sh|[^aeiou]o)\Z", verb):
        return f"{verb}es"
    return f"{verb[:-1]}ies" if re.search(r"[^aeiou]y\Z", verb) else f"{verb}s"
