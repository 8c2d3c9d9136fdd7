"""In which dialect a request speaks: the hosted profile, or worldkit's own (docs/spec/ops.md).

The hosted profile is what every client gets that asks for nothing else. worldkit's client sends the header
``X-Worldkit-Dialect: worldkit``; then documents go both ways exactly as they are, a batch takes the whole local
vocabulary and is applied all or none, and what an edit takes along is reported. Every answer announces the dialect in
the same header.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

HEADER = b"x-worldkit-dialect"
WORLDKIT = "worldkit"


async def speaks_worldkit(request: Request) -> bool:
    """Say whether a request speaks worldkit's own dialect."""
    return request.headers.get(HEADER.decode()) == WORLDKIT


SpeaksWorldkit = Annotated[bool, Depends(speaks_worldkit)]
