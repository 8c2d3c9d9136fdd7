"""Write ``widgets/editor/data/prose-fields.ts`` from ``worldkit.core.prose``, and the cases of find and replace.

``python scripts/prose_fields.py`` writes; ``--check`` only says what differs.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from worldkit.core.prose import PROSE_FIELDS, READERS, count_words
from worldkit.editing.replace import keeps_capitals, replace_matches, search_pattern

ROOT = Path(__file__).parents[1]
TYPES = ROOT / "widgets" / "editor" / "data" / "prose-fields.ts"
CASES = ROOT / "schema" / "conformance" / "find.json"

TEXTS = (
    "A brass lamp, and a Brass key beside it.",
    "BRASS, brassy and unbrassed",
    "under_score brass_key brass",
    "Café cafe CAFÉ, naïve.",
    "Ends in brass",
    "(brass) brass. brass!",
    "Über den Straßen, über die Strasse",
    "brassbrass",
    "a.b a+b a\\b $& $1",
    "𝔸 lamp 🪔 lamp",
    "",
    "Line one\nbrass line two\r\nBrass line three",
    "दरवाज़ा खोलो, दर खोल, cafe\u0301",
    "A well-known lamp, Well-Known or WELL-KNOWN. well known, a-z",
)
SEARCHES = (
    "brass",
    "Brass",
    "BRASS",
    "café",
    "über",
    ".",
    "a+b",
    "\\",
    "lamp",
    "🪔",
    "s",
    "खोल",
    "दर",
    "cafe",
    "well-known",
    "a-z",
)
NEW = ("iron", "", "$& $1 \\1", "Émile", "a b")


def outputs() -> dict[Path, str]:
    """Return the files that this script writes, with their content."""
    lines = [
        "/** Written by scripts/prose_fields.py: where a world holds text, and who reads it. */",
        "",
        f"export type Reader = {' | '.join(json.dumps(reader) for reader in READERS)};",
        "",
        f"export const READERS: readonly Reader[] = {json.dumps(list(READERS))};",
        "",
        'type Kind = "world" | "state" | "event";',
        "",
        "/** Paths with dots by what holds them; `*` is each item of a list. */",
        "export const PROSE_FIELDS: { readonly [kind in Kind]: readonly (readonly [path: string, reader: Reader])[] } "
        "= {",
    ]
    for kind, fields in PROSE_FIELDS.items():
        lines.append(f"  {kind}: [")
        lines += [f'    [{json.dumps(".".join(field.path))}, "{field.reader}"],' for field in fields]
        lines.append("  ],")
    lines += ["};", ""]
    return {TYPES: "\n".join(lines), CASES: json.dumps(cases(), indent=1, ensure_ascii=True) + "\n"}


def cases() -> dict[str, object]:
    """Return searches in texts: the texts after the replacement, by what was looked for and how."""
    find = []
    for number, text in enumerate(SEARCHES):
        for options in ({}, {"matchCase": True}, {"wholeWords": True}, {"matchCase": True, "wholeWords": True}):
            match_case, whole_words = options.get("matchCase", False), options.get("wholeWords", False)
            pattern = search_pattern(text, match_case=match_case, whole_words=whole_words)
            new = NEW[number % len(NEW)]
            keep = keeps_capitals(text, match_case=match_case)
            after = [replace_matches(one, pattern, new, keep_capitals=keep) for one in TEXTS]
            counts = [len(pattern.findall(one)) for one in TEXTS]
            find.append({"text": text, **options, "new": new, "counts": counts, "after": after})
    return {"texts": list(TEXTS), "words": [count_words(text) for text in TEXTS], "find": find}


def main(arguments: list[str]) -> int:
    """Write the files, or check them."""
    differing = [path for path, text in outputs().items() if not path.exists() or path.read_text("utf-8") != text]
    if "--check" in arguments:
        for path in differing:
            print(f"{path.relative_to(ROOT)} is not up to date; run: python scripts/prose_fields.py")
        return int(bool(differing))
    for path in differing:
        path.write_text(outputs()[path], "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
