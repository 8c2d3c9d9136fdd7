"""Judging values by the JSON Schemas of the package."""

from __future__ import annotations

from typing import Any

from worldkit.core.errors import Problem
from worldkit.core.schema_validation import document_problems, value_problems


def schema_problems(value: Any, name: str = "smworld-1.0") -> list[Problem]:
    """Return what is wrong with a document, or with an operation or a diagnostic by the schema of that name."""
    return document_problems(value) if name == "smworld-1.0" else value_problems(value, name)
