"""``ServerDialect``: what a /v1 server takes beside what all of them take (docs/spec/ops.md, docs/spec/api-v1.md).

Everything a client assumes about a kind of server is a field here; the calls read the fields and never the name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from worldkit.core import profile
from worldkit.core.errors import WrongArgument
from worldkit.core.quoting import quote

DIALECT_HEADER = "x-worldkit-dialect"
"""The response header in which worldkit's own server names its dialect."""


@dataclass(frozen=True, slots=True)
class ServerDialect:
    """What one kind of server takes.

    Attributes:
        name: ``"hosted"``, ``"worldkit"`` or ``"studio"``.
        operations: The operations that a batch may hold; None for all thirty-seven, all or none of a batch.
        is_exact: Whether it takes the three exact operations, and ``strict``.
        documents: Whether a world can be created from a document.
        fork_options: Whether a fork takes a name and a version.
    """

    name: str
    operations: frozenset[str] | None
    is_exact: bool
    documents: bool
    fork_options: bool


HOSTED = ServerDialect("hosted", profile.HOSTED.operations, is_exact=False, documents=False, fork_options=False)
"""The documented API: nine operations, each applied or listed in ``applyErrors``."""

WORLDKIT = ServerDialect("worldkit", None, is_exact=True, documents=True, fork_options=True)
"""The server that ``worldkit serve`` starts."""

STUDIO = ServerDialect("studio", profile.STUDIO.operations, is_exact=False, documents=False, fork_options=False)
"""A server that takes the Studio's thirty-seven operations and nothing of worldkit's own."""

DIALECTS: Mapping[str, ServerDialect] = MappingProxyType(
    {dialect.name: dialect for dialect in (HOSTED, WORLDKIT, STUDIO)}
)
"""The dialects by name."""


def dialect_named(name: str) -> ServerDialect:
    """Return the dialect of a name.

    Args:
        name: ``"hosted"``, ``"worldkit"`` or ``"studio"``.

    Raises:
        WrongArgument: There is no such dialect.
    """
    dialect = DIALECTS.get(name)
    if dialect is None:
        raise WrongArgument("dialect", 'None, "hosted", "worldkit" or "studio"', quote(name))
    return dialect


def announced(headers: Mapping[str, str]) -> ServerDialect | None:
    """Return the dialect that a response announces; None when it announces none that is known.

    Args:
        headers: The headers of the response, names in lower case.
    """
    return DIALECTS.get(headers.get(DIALECT_HEADER, "").strip().lower())
