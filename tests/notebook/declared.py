"""Messages and traits that the kernel sends, held against the declaration that the browser's types are made from."""

from __future__ import annotations

import json
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from worldkit.widgets.protocol import (
    common,
    comparison_messages,
    editor_messages,
    editor_parts,
    embed_messages,
    generation,
    player_now,
    player_parts,
    player_view,
    report_messages,
    saving_messages,
)

MESSAGE: TypeAdapter[Any] = TypeAdapter(
    Annotated[
        editor_messages.EditorReply
        | editor_messages.Changed
        | editor_messages.Show
        | common.NewPictures
        | player_now.NowMessage
        | player_parts.FrameMessage
        | player_parts.ClipMessage
        | player_parts.AnchorsMessage
        | player_view.AboutReply
        | player_view.ScriptReply
        | report_messages.RouteReply
        | report_messages.CoverReply
        | comparison_messages.FieldsReply
        | comparison_messages.ChangePicturesReply
        | comparison_messages.PlayReply
        | embed_messages.TokenGrant
        | embed_messages.TokenRefusal
        | embed_messages.Destroy,
        Field(discriminator="type"),
    ]
)
TRAITS: dict[str, TypeAdapter[Any]] = {
    "seed": TypeAdapter(editor_messages.Seed),
    "selection": TypeAdapter(editor_messages.Selection | None),
    "overlays": TypeAdapter(list[editor_parts.OverlayLayer]),
    "playing": TypeAdapter(editor_parts.RunPosition | None),
    "binding": TypeAdapter(saving_messages.Binding | None),
    "start": TypeAdapter(saving_messages.Start | None),
    "generation": TypeAdapter(generation.GenerationState | None),
    "property_list": TypeAdapter(editor_parts.PropertyList),
    "last_run": TypeAdapter(saving_messages.LastRun | None),
    "view": TypeAdapter(player_view.PlayerView),
    "report": TypeAdapter(report_messages.ReportSeed),
    "comparison": TypeAdapter(comparison_messages.ComparisonSeed),
}


def check(data: dict[str, Any]) -> None:
    """Raise an error when what a widget's comm publishes is not as declared.

    Args:
        data: ``{"method": "custom", "content": ...}``, or ``state`` with traits by name.
    """
    if "content" in data:
        MESSAGE.validate_json(json.dumps(data["content"]))
    for name, value in data.get("state", {}).items():
        if name in TRAITS:
            TRAITS[name].validate_json(json.dumps(value))
