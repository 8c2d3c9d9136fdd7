"""Write the tables of the reference from what the code registers, or check that they are up to date.

python scripts/spec_tables.py          # writes docs/reference/{fields,operations,rules}.md
python scripts/spec_tables.py --check  # names the pages that differ, and exits 1 when one does
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from worldkit import rules
from worldkit.campaigns.campaign_rules import CAMPAIGN_RULES

ROOT = Path(__file__).parents[1]
PAGES = ROOT / "docs" / "reference"

Schema = Mapping[str, Any]

FIELDS = """\
# Fields of a world

Every object of a world document with its fields, from the JSON Schema `schema/smworld-1.0.json`.
[The world document](../spec/smworld.md) explains how they work together.
A field that is not listed here is legal, and is kept.
"""
OPERATIONS = """\
# Operations

Every operation in its canonical spelling, from `schema/ops.json`. An operation is a JSON object: `op` is its name,
the other fields are its arguments. `world.apply([...])` takes a list of them. Models and older clients may use other
spellings; [the specification](../spec/ops.md) lists these, and says how a batch is applied.
"""
RULES = """\
# Lint rules

Every rule of `world.lint()`, in the order in which the rules report. An *error* blocks play; a *warning* never does.
A rule with a *safe fix* can be fixed by `world.lint().fixed()` and `worldkit lint --fix`.
[The specification](../spec/rules.md#lint-rules) says when each rule applies.
"""
DEEP_RULES = """\
Findings of `world.lint(deep=True)` and `worldkit lint --deep`.
They come from [exhaustive play](../spec/runtime.md#exhaustive-play).
"""
CAMPAIGN = """\
Findings of `campaign.lint()`.
"""


def type_of(schema: Schema, local: str = "") -> str:
    """Return the type of a value as a reader would say it, such as ``"list of text"``.

    Args:
        schema: The value's JSON Schema.
        local: The page on which the world's own objects are listed; empty for the page itself.
    """
    if "$ref" in schema:
        # a NewEvent is an Event of which less is required, as its operation says
        name = schema["$ref"].rpartition("/")[2].removeprefix("New")
        return "text" if name == "Id" else f"[{name}]({local}#{name.lower()})"
    if "const" in schema:
        return f"`{json.dumps(schema['const'])}`"
    if "enum" in schema:
        return ", ".join(f"`{json.dumps(value)}`" for value in schema["enum"])
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return " or ".join(dict.fromkeys(type_of(each, local) for each in schema[several]))
    if "allOf" in schema:
        return type_of(schema["allOf"][0], local)
    kinds = schema.get("type", [])
    return (
        " or ".join(_kind(kind, schema, local) for kind in ([kinds] if isinstance(kinds, str) else kinds)) or "any JSON"
    )


def _kind(kind: str, schema: Schema, local: str) -> str:
    if kind == "array":
        return f"list of {type_of(schema['items'], local)}" if "items" in schema else "list"
    if kind == "object":
        rest = schema.get("additionalProperties")
        return f"object of {type_of(rest, local)}" if isinstance(rest, dict) and rest else "object"
    return {"string": "text", "boolean": "true or false", "integer": "whole number", "null": "`null`"}.get(kind, kind)


def cell(text: str) -> str:
    """Return a text as one cell of a table."""
    return " ".join(text.split()).replace("|", "\\|")


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table in Markdown."""
    names = list(head)
    lines = [names, ["---"] * len(names), *rows]
    return "".join(f"| {' | '.join(cell(each) for each in line)} |\n" for line in lines)


def field_table(schema: Schema, local: str = "", without: Iterable[str] = ()) -> str:
    """Return the table of an object's fields."""
    required = set(schema.get("required", ()))
    rows = [
        (f"`{name}`", type_of(field, local), "yes" if name in required else "", field.get("description", ""))
        for name, field in schema.get("properties", {}).items()
        if name not in set(without)
    ]
    return table(("field", "value", "required", "meaning"), rows)


def fields_page(schema: Schema) -> str:
    """Return the page of the fields of every object of a world.

    Args:
        schema: The JSON Schema of a world.
    """
    parts = [FIELDS, "## World\n", field_table(schema)]
    for name, part in schema["$defs"].items():
        parts.append(f"(fields-{name.lower()})=\n## {name}\n")
        if description := part.get("description"):
            parts.append(f"{' '.join(description.split())}\n")
        parts.append(field_table(part) if part.get("properties") else f"{type_of(part).capitalize()}.\n")
    return "\n".join(parts)


def operations_page(schema: Schema) -> str:
    """Return the page of every operation.

    Args:
        schema: The JSON Schema of an operation.
    """
    names = [each["$ref"].rpartition("/")[2] for each in schema["oneOf"]]
    operations = {name: schema["$defs"][name] for name in names}
    overview = [(f"[`{name}`](#{name})", operation["description"]) for name, operation in operations.items()]
    parts = [OPERATIONS, table(("operation", "what it does"), overview)]
    for name, operation in operations.items():
        parts += [f"## `{name}`\n", f"{' '.join(operation['description'].split())}\n"]
        if other_names := [other for other in operation["properties"]["op"].get("enum", ()) if other != name]:
            parts.append(f"Another name of it is {' and '.join(f'`{other}`' for other in other_names)}.\n")
        parts.append(field_table(operation, "fields.md", without=("op",)))
    return "\n".join(parts)


def rule_tables(rules: Iterable[Any]) -> str:
    """Return the overview of some rules, and what each of them means."""
    all_rules = list(rules)
    rows = [(f"[`{rule.id}`](#{rule.id})", rule.severity, "yes" if rule.fix else "", rule.title) for rule in all_rules]
    parts = [table(("rule", "severity", "safe fix", "what it finds"), rows)]
    parts += [f"### `{rule.id}`\n\n{' '.join(rule.explanation.split())}\n" for rule in all_rules]
    return "\n".join(parts)


def rules_page() -> str:
    """Return the page of every lint rule."""
    return "\n".join(
        [
            *(RULES, "## Rules of a world\n", rule_tables(rules.RULES.values())),
            *("## What only exhaustive play sees\n", DEEP_RULES, rule_tables(rules.DEEP_RULES.values())),
            *("## Rules of a campaign\n", CAMPAIGN, rule_tables(CAMPAIGN_RULES.values())),
        ]
    )


def pages() -> dict[Path, str]:
    """Return every page of tables with its text."""
    world = json.loads((ROOT / "schema" / "smworld-1.0.json").read_text("utf-8"))
    operations = json.loads((ROOT / "schema" / "ops.json").read_text("utf-8"))
    return {
        PAGES / "fields.md": fields_page(world),
        PAGES / "operations.md": operations_page(operations),
        PAGES / "rules.md": rules_page(),
    }


def main(arguments: list[str]) -> int:
    """Write the pages, or check them."""
    differing = [page for page, text in pages().items() if not page.is_file() or page.read_text("utf-8") != text]
    if arguments == ["--check"]:
        for page in differing:
            print(f"{page.relative_to(ROOT)} is not up to date; run: python scripts/spec_tables.py")
        return 1 if differing else 0
    for page, text in pages().items():
        page.write_text(text, "utf-8")
    print(f"written: {', '.join(page.name for page in differing) or 'nothing, all were up to date'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
