"""Judging values by the JSON Schemas of the package."""

from __future__ import annotations

from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from worldkit import Problem
from worldkit.core.schema import load_schema
from worldkit.core.schema_problems import document_problems


def schema_problems(value: Any, name: str = "smworld-1.0") -> list[Problem]:
    """Return what is wrong with a document, or with an operation or a diagnostic by the schema of that name."""
    if name == "smworld-1.0":
        return document_problems(value)
    return [Problem(error.json_path, error.message) for error in _validator(name).iter_errors(value)]


@cache
def _validator(name: str) -> Draft202012Validator:
    documents = load_schema()
    registry = Registry[Any]().with_resource(documents["$id"], Resource.from_contents(documents))
    return Draft202012Validator(load_schema(name), registry=registry)
