"""The kernel's side of the editor for the harness: the real session, over lines of JSON on standard input and output.

Usage: kernel.py FILE [--read-only]; the first line out is the seed.
"""

from __future__ import annotations

import json
import sys
import traceback

import worldkit as wk
from worldkit.notebook import history, protocol, reading, session


def main(path: str, *options: str) -> None:
    state = history.opened(wk.load(path), None)
    print(json.dumps(session.seed(state)), flush=True)
    for line in sys.stdin:
        content = json.loads(line)
        to = protocol.address(content)
        try:
            step = session.decide(state, reading.read_editor(content), to, read_only="--read-only" in options)
        except reading.Malformed as refused:
            step = session.Step(state, protocol.rejected(to, "invalid", str(refused), state.world.rev))
        except Exception:
            traceback.print_exc()
            step = session.Step(state, protocol.internal(to, state.world.rev))
        state = step.state
        for message in (step.changed, step.reply):
            if message is not None:
                print(json.dumps(message), flush=True)


main(*sys.argv[1:])
