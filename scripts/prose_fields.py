"""Write the browser's tables of texts and words, and the cases that find and replace and names are held to.

``widgets/editor/data/prose-fields.ts`` is written from ``worldkit.core.prose``, ``phrase-openings.ts`` from two lists.

``python scripts/prose_fields.py`` writes; ``--check`` only says what differs.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from worldkit.core.prose import PROSE_FIELDS, READERS, count_words
from worldkit.editing.naming import cut_name, phrase_openings
from worldkit.editing.replace import keeps_capitals, replace_matches, search_pattern

ROOT = Path(__file__).parents[1]
TYPES = ROOT / "widgets" / "editor" / "data" / "prose-fields.ts"
OPENINGS = ROOT / "widgets" / "editor" / "data" / "phrase-openings.ts"
CASES = ROOT / "schema" / "conformance" / "find.json"
NAME_CASES = ROOT / "schema" / "conformance" / "names.json"

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
NAMES = (
    "a_great_oak_wheel_stands_still_in_green_water",
    "go_down_the_long_winding_stairs_to_the_flooded_cellar",
    "the_old_keeper_lights_the_great_brass_lantern",
    "a_heron_watches_silently_over_frozen_reeds",
    "rain_on_weathered_flagstones_glistening_silver",
    "through_a_long_dark_narrow_underground_passage",
    "Drifting_wood_and_weed_lie_where_the_tide_left_them",
    "one_short_name",
    "to_the_of_and_by_in_on_at_from_with_into_under_over",
    "x" * 63 + "_y",
    "der_alte_Leuchtturmwärter_zündet_die_Lampe_an",
    "𠮷" * 45,
    "दि" * 30,
)
LENGTHS = (7, 16, 40)
REPLACEMENT_TEXTS = ("iron", "", "$& $1 \\1", "Émile", "a b")


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
    words = " ".join(sorted(phrase_openings()))
    return {
        TYPES: "\n".join(lines),
        OPENINGS: "/** Written by scripts/prose_fields.py: words that begin a part of a phrase. */\n"
        f"export const PHRASE_OPENINGS: ReadonlySet<string> = new Set(\n  {json.dumps(words)}.split(\n"
        '    " ",\n  ),\n);\n',
        CASES: json.dumps(cases(), indent=1, ensure_ascii=True) + "\n",
        NAME_CASES: json.dumps(name_cases(), indent=1, ensure_ascii=True) + "\n",
    }


def cases() -> dict[str, object]:
    """Return searches in texts: the texts after the replacement, by what was looked for and how."""
    find = []
    for number, text in enumerate(SEARCHES):
        for options in ({}, {"matchCase": True}, {"wholeWords": True}, {"matchCase": True, "wholeWords": True}):
            match_case, whole_words = options.get("matchCase", False), options.get("wholeWords", False)
            pattern = search_pattern(text, match_case=match_case, whole_words=whole_words)
            new = REPLACEMENT_TEXTS[number % len(REPLACEMENT_TEXTS)]
            keep = keeps_capitals(text, match_case=match_case)
            after = [replace_matches(one, pattern, new, keep_capitals=keep) for one in TEXTS]
            counts = [len(pattern.findall(one)) for one in TEXTS]
            find.append({"text": text, **options, "new": new, "counts": counts, "after": after})
    return {"texts": list(TEXTS), "words": [count_words(text) for text in TEXTS], "find": find}


def name_cases() -> list[dict[str, object]]:
    """Return names, each as it is when it may have so many characters."""
    return [{"name": name, "longest": most, "short": cut_name(name, most)} for name in NAMES for most in LENGTHS]


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
