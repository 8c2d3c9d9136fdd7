"""Write the TypeScript types of the widget protocol from its declaration in Python.

    python scripts/protocol_types.py            writes widgets/shared/protocol.ts
    python scripts/protocol_types.py --check    fails when that file is not what would be written
    python scripts/protocol_types.py --schema   prints the JSON Schema that lies between the two

``worldkit.widgets.protocol`` declares every message. pydantic makes JSON Schema of that, and this makes types of the
part of JSON Schema that occurs there, formatted as biome formats them.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from worldkit.widgets.protocol import (
    common,
    comparison_messages,
    comparison_requests,
    editor_messages,
    editor_parts,
    editor_requests,
    embed_messages,
    generation,
    player_now,
    player_parts,
    player_requests,
    player_view,
    report_messages,
    request_parts,
    saving_messages,
    saving_requests,
)

TARGET = Path(__file__).parents[1] / "widgets/shared/protocol.ts"
WIDTH = 120
REFERENCE = "#/$defs/"

HEADER = f"""\
/**
 * Protocol {common.PROTOCOL} between the kernel and the browser.
 *
 * Written by scripts/protocol_types.py from src/worldkit/widgets/protocol. Change those and run the script.
 */
import type {{ JsonObject }} from "./json";
"""

Json = dict[str, Any]

SECTIONS: dict[str, dict[str, Any]] = {
    "any widget": {
        name: getattr(common, name)
        for name in ("Envelope", "Accepted", "Rejected", "Severity", "Diagnostic", "ItemMark", "FieldChange")
    },
    "pictures of states: kernel to browser": {
        "PicturesReply": common.PicturesReply,
        "NewPictures": common.NewPictures,
    },
    "editor: browser to kernel": {
        "Position": request_parts.Position,
        "Positions": request_parts.Positions,
        "PlaceRequest": saving_requests.PlaceRequest,
        "EditorRequest": editor_requests.EditorRequest,
    },
    "editor: kernel to browser": {
        "EditorReply": editor_messages.EditorReply,
        "Changed": editor_messages.Changed,
        "Show": editor_messages.Show,
        "Selection": editor_messages.Selection,
        "OverlayLayer": editor_parts.OverlayLayer,
        "RunPosition": editor_parts.RunPosition,
        "Binding": saving_messages.Binding,
        "LastRun": saving_messages.LastRun,
        "Start": saving_messages.Start,
        "PropertyList": editor_parts.PropertyList,
    },
    "generation: browser to kernel": {"GeneratorRequest": generation.GeneratorRequest},
    "generation: kernel to browser": {
        "ModelOffer": generation.ModelOffer,
        "GenerationState": generation.GenerationState,
    },
    "player: browser to kernel": {
        "PlayerAct": player_requests.PlayerAct,
        "PlayerRequest": player_requests.PlayerRequest,
    },
    "player: kernel to browser": {
        "PlayerView": player_view.PlayerView,
        "PlayerNow": player_now.PlayerNow,
        "NowMessage": player_now.NowMessage,
        "FrameMessage": player_parts.FrameMessage,
        "ClipMessage": player_parts.ClipMessage,
        "AnchorsMessage": player_parts.AnchorsMessage,
        "AboutReply": player_view.AboutReply,
        "ScriptReply": player_view.ScriptReply,
    },
    "report: browser to kernel": {"ReportRequest": player_requests.ReportRequest},
    "report: kernel to browser": {
        name: getattr(report_messages, name) for name in ("ReportSeed", "RouteReply", "CoverReply")
    },
    "embedded page: kernel to browser": {"EmbedCellMessage": embed_messages.EmbedCellMessage},
    "comparison: browser to kernel": {"CompareRequest": comparison_requests.CompareRequest},
    "comparison: kernel to browser": {
        name: getattr(comparison_messages, name)
        for name in ("ComparisonSeed", "FieldsReply", "ChangePicturesReply", "PlayReply")
    },
}
"""What is written, by section; what a type refers to is written before it."""


def schema() -> Json:
    """Return the JSON Schema of the protocol: ``$defs`` holds every type by its name."""
    types = {name: kind for section in SECTIONS.values() for name, kind in section.items()}
    roots, common_schema = TypeAdapter.json_schemas(
        [(name, "validation", TypeAdapter(kind)) for name, kind in types.items()],
        ref_template=REFERENCE + "{model}",
    )
    definitions: Json = common_schema["$defs"]
    for (name, _), root in roots.items():
        definitions.setdefault(name, root)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": definitions}


def types() -> str:
    """Return the text of ``protocol.ts``."""
    definitions: Json = schema()["$defs"]
    finished_names: set[str] = set()
    blocks: list[str] = [HEADER]
    for title, section in SECTIONS.items():
        blocks.append(f"// ---- {title} {'-' * (94 - len(title))}\n")
        for name in section:
            blocks += _with_parts(name, definitions, finished_names)
    return "\n".join(blocks)


def _with_parts(name: str, definitions: Json, finished_names: set[str]) -> Iterator[str]:
    """Yield a type after those that it refers to."""
    if name in finished_names:
        return
    finished_names.add(name)
    for part in _references(definitions[name]):
        yield from _with_parts(part, definitions, finished_names)
    yield _declaration(name, definitions[name])


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _references(item)
    elif isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"].removeprefix(REFERENCE)
        yield from _references([item for key, item in value.items() if key not in ("discriminator", "default")])


def _declaration(name: str, of: Json) -> str:
    comment = _comment(of, "")
    if "properties" not in of or of.get("additionalProperties") is True:
        return f"{comment}{_fitting(f'export type {name} =', of, '')};\n"
    properties = sorted(of["properties"].items(), key=lambda item: item[0] != "type")
    lines = [_property(key, part, key in of.get("required", ())) for key, part in properties]
    return f"{comment}export interface {name} {{\n{''.join(lines)}}}\n"


def _property(name: str, of: Json, required: bool) -> str:
    head = f"  {name}{'' if required else '?'}:"
    return f"{_comment(of, '  ')}{_fitting(head, of, '  ')};\n"


def _comment(of: Json, indent: str) -> str:
    text = of.get("description", "").replace("``", "`")
    if not text:
        return ""
    if "\n" not in text and len(text) + len(indent) + 7 <= WIDTH:
        return f"{indent}/** {text} */\n"
    lines = [f"{indent} * {line}".rstrip() + "\n" for line in text.splitlines()]
    return f"{indent}/**\n{''.join(lines)}{indent} */\n"


def _fitting(head: str, of: Json, indent: str) -> str:
    """Return a type after what stands before it; each option or field on a line where one line is too short."""
    line = f"{head} {_type(of)}"
    if len(line) < WIDTH:
        return line
    if of.get("type") == "object" and "properties" in of:
        fields = "".join(f"{indent}  {name}: {_type(part)};\n" for name, part in of["properties"].items())
        return f"{head} {{\n{fields}{indent}}} & JsonObject"
    return head + "".join(f"\n{indent}  | {option}" for option in _options(of))


def _type(of: Json) -> str:
    return " | ".join(_options(of))


def _options(of: Json) -> list[str]:
    """Return the types of which a value may have any."""
    match of:
        case {"$ref": reference}:
            return [reference.removeprefix(REFERENCE)]
        case {"anyOf": several} | {"oneOf": several}:
            return list(dict.fromkeys(option for one in several for option in _options(one)))
        case {"const": value}:
            return [json.dumps(value)]
        case {"enum": values}:
            return [json.dumps(value) for value in values]
        case {"type": "integer" | "number"}:
            return ["number"]
        case {"type": "string" | "boolean" | "null" as name}:
            return [name]
        case {"type": "array", "prefixItems": items}:
            return [f"[{', '.join(map(_type, items))}]"]
        case {"type": "array", "items": items}:
            item = _type(items)
            return [f"({item})[]" if " | " in item else f"{item}[]"]
        case {"type": "object", "properties": properties, "additionalProperties": True}:
            fields = "; ".join(f"{name}: {_type(part)}" for name, part in properties.items())
            return [f"{{ {fields} }} & JsonObject"]
        case {"type": "object", "additionalProperties": True}:
            return ["JsonObject"]
        case {"type": "object", "additionalProperties": values}:
            return [f"{{ [key: string]: {_type(values)} }}"]
    raise ValueError(f"no TypeScript for {of}")


def main() -> None:
    if "--schema" in sys.argv:
        print(json.dumps(schema(), indent=2))
    elif "--check" not in sys.argv:
        TARGET.write_text(types(), encoding="utf-8")
    elif types() != TARGET.read_text(encoding="utf-8"):
        sys.exit("widgets/shared/protocol.ts differs from worldkit.widgets.protocol; run scripts/protocol_types.py")


if __name__ == "__main__":
    main()
