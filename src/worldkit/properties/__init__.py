"""What an author demands of every run of a world: written in plain words, proven or shown to be broken."""

from __future__ import annotations

from worldkit.properties.conditions import Condition, PropertyError
from worldkit.properties.files import Properties, load_properties, properties_beside
from worldkit.properties.forms import always, at_most, before, condition, leads_to, never, possible, until, within
from worldkit.properties.results import PropertyResult, PropertyResults
from worldkit.properties.statements import Property
from worldkit.properties.suggestions import suggest_properties
from worldkit.properties.verification import check

__all__ = [
    "Condition",
    "Properties",
    "Property",
    "PropertyError",
    "PropertyResult",
    "PropertyResults",
    "always",
    "at_most",
    "before",
    "check",
    "condition",
    "leads_to",
    "load_properties",
    "never",
    "possible",
    "properties_beside",
    "suggest_properties",
    "until",
    "within",
]
