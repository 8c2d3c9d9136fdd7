"""Which versions of the format can be read, and what a document's ``schemaVersion`` says (docs/spec/smworld.md)."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from worldkit.core.quoting import quote

CURRENT_VERSION = "1.0"
READABLE_VERSIONS = ("1.x",)
FOREIGN_TAGS = ("offline/1",)
"""Tags that are no version and are read as 1.0: the Studio's local store writes ``offline/1``."""

_VERSION = re.compile(r"(0|[1-9][0-9]*)\.([0-9]+)\Z")
_CURRENT_MAJOR_MINOR = (1, 0)


class FormatVersion(NamedTuple):
    """A version of the format; one that is greater than another is later."""

    major: int
    minor: int


def parse_version(tag: Any) -> FormatVersion | None:
    """Return the version that a ``schemaVersion`` names, or None when it is neither a version nor a known tag.

    Args:
        tag: The value; None, for a document without one, is read as 1.0.
    """
    if tag is None or tag in FOREIGN_TAGS:
        return FormatVersion(*_CURRENT_MAJOR_MINOR)
    match = _VERSION.match(tag) if isinstance(tag, str) else None
    # int() refuses a text of thousands of digits, and no version has ten
    return FormatVersion(int(match[1][:9]), int(match[2][:9])) if match else None


def is_later_minor(tag: Any) -> bool:
    """Return whether a document says that it is of a later minor version than the one this release knows."""
    version = parse_version(tag)
    return version is not None and version.major == _CURRENT_MAJOR_MINOR[0] and version.minor > _CURRENT_MAJOR_MINOR[1]


def version_message(tag: Any) -> str:
    """Return what is wrong with a ``schemaVersion`` that cannot be parsed."""
    tags = ", ".join(quote(foreign_tag) for foreign_tag in FOREIGN_TAGS)
    return (
        f'expected "<major>.<minor>" such as "{CURRENT_VERSION}", got {quote(tag)}; foreign tags that are read: {tags}'
    )
