"""A process that makes worlds by the thousand keeps nothing of each: what is cached by free text is bounded."""

from __future__ import annotations

import ast
from pathlib import Path

SOURCES = Path(__file__).parents[1] / "src" / "worldkit"

BOUNDED_BY_DATA = {
    "generation/planning/nouns.py:surroundings": "a genre of the data",
    "generation/planning/nouns.py:_nouns": "a genre of the data",
    "generation/text/data.py:read_file": "a file of the package",
    "generation/text/phrases.py:family": "a family of the data",
    "generation/text/phrases.py:table": "a table of the data",
    "generation/text/phrases.py:played_family": "a verb of the data",
    "language/word_sets.py:word_set": "a set of the data",
    "language/capitals.py:_kinds": "a set of the data",
    "illustration/colour.py:parse": "a colour of the data",
    "illustration/word_senses.py:_word_set": "a set of the data",
    "samples.py:load": "a sample of the package",
    "core/schema.py:load_schema": "a schema of the package",
    "core/problems.py:_first_errors": "a part of a world",
    "core/problems.py:_every_error": "a part of a world",
    "widgets/protocol/request_parts.py:_adapter": "a kind of message",
    "generation/story/segment.py:best": "the cache lives as long as the function around it",
    "exploration/compiled_diagrams.py:best": "the cache lives as long as the function around it",
}


def _has_no_bound(decorator: ast.expr) -> bool:
    call = decorator.func if isinstance(decorator, ast.Call) else decorator
    name = call.attr if isinstance(call, ast.Attribute) else getattr(call, "id", "")
    size = {keyword.arg: ast.unparse(keyword.value) for keyword in getattr(decorator, "keywords", [])}
    return name == "cache" or (name == "lru_cache" and size.get("maxsize") == "None")


def test_a_cache_without_a_bound_is_asked_only_for_what_there_are_few_of() -> None:
    caches = set()
    texts = {path: path.read_text(encoding="utf-8") for path in SOURCES.rglob("*.py")}
    for path in (path for path, text in texts.items() if "cache" in text):
        for node in ast.walk(ast.parse(texts[path])):
            if isinstance(node, ast.FunctionDef) and any(map(_has_no_bound, node.decorator_list)):
                arguments = [*node.args.args, *node.args.kwonlyargs]
                if any(ast.unparse(argument.annotation or ast.Constant(None)) != "bool" for argument in arguments):
                    caches.add(f"{path.relative_to(SOURCES).as_posix()}:{node.name}")
    assert caches == {*BOUNDED_BY_DATA}
