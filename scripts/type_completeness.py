"""Measures how much of the public interface has a complete type: ``pyright --verifytypes`` over the public face.

    python scripts/type_completeness.py [--all] [--least 98]

pyright takes every module without an underscore for public. worldkit's public face is smaller: what is in
``worldkit.__all__`` and in ``worldkit.ops``, ``worldkit.rules`` and ``worldkit.samples``, with the members of those
classes and of the classes they are derived from. Only these symbols are counted; ``--all`` counts what pyright counts.
A symbol counts when pyright knows its whole type and another checker would infer the same.
"""

from __future__ import annotations

import argparse
import inspect
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import worldkit

ROOT = Path(__file__).parents[1]
PYRIGHT = ROOT / "widgets" / "node_modules" / ".bin" / "pyright"
MIN_PERCENT = 98.0
MAX_LISTED_SYMBOLS = 30


def symbols() -> list[dict[str, Any]]:
    """Return what pyright says of every symbol of the package."""
    arguments = ["--verifytypes", "worldkit", "--ignoreexternal", "--outputjson", "--pythonpath", sys.executable]
    # an editable install leaves a folder of data in site-packages that pyright would take for the package
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    # with --verifytypes, pyright looks for packages beside the first python of PATH, whatever --pythonpath says
    environment["PATH"] = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)))
    answer = subprocess.run(
        [str(PYRIGHT), *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    report = json.loads(answer.stdout)
    symbols = report.get("typeCompleteness", {}).get("symbols")
    if not symbols:
        raise SystemExit(f"pyright found no symbols: {report['generalDiagnostics']}")
    return [symbol for symbol in symbols if symbol["isExported"]]


def face() -> set[str]:
    """Return the full names of what is public, by the module that defines it and by the one that offers it."""
    names: set[str] = set()
    for name in worldkit.__all__:
        value = getattr(worldkit, name)
        names.add(f"worldkit.{name}")
        if isinstance(value, ModuleType):
            for inner in value.__all__:
                names |= {f"{value.__name__}.{inner}", *names_defined_by(getattr(value, inner))}
        else:
            names |= names_defined_by(value)
    return names


def names_defined_by(value: Any) -> set[str]:
    """Return where a class with its bases, or a function, is defined."""
    kinds = inspect.getmro(value) if inspect.isclass(value) else (value,)
    places = {(getattr(kind, "__module__", ""), getattr(kind, "__qualname__", "")) for kind in kinds}
    return {f"{module}.{name}" for module, name in places if name and (module or "").split(".")[0] == "worldkit"}


def is_complete(symbol: dict[str, Any]) -> bool:
    """Say whether the whole type of a symbol is known, and every checker infers the same."""
    return bool(symbol["isTypeKnown"]) and not symbol["isTypeAmbiguous"]


def main() -> int:
    """Print the share of complete types; 1 when it is below the least."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true", help="count every module without an underscore")
    parser.add_argument("--least", type=float, default=MIN_PERCENT, help="per cent; below it the exit status is 1")
    options = parser.parse_args()
    public = face()
    public_symbols = [one for one in symbols() if options.all or one["name"] in public or inside(one["name"], public)]
    incomplete = [one for one in public_symbols if not is_complete(one)]
    share = 100 * (1 - len(incomplete) / len(public_symbols))
    for one in incomplete[:MAX_LISTED_SYMBOLS]:
        reasons = [diagnostic["message"].split("\n")[0] for diagnostic in one["diagnostics"]]
        print(f"{one['name']}: {'; '.join(reasons) or 'holds a part that is incomplete'}")
    print(f"{share:.2f} % of {len(public_symbols):,} public symbols have a complete type; expected {options.least:g} %")
    return share < options.least


def inside(name: str, public: set[str]) -> bool:
    """Say whether a symbol is a member of something public."""
    parts = name.split(".")
    return any(".".join(parts[:end]) in public for end in range(2, len(parts)))


if __name__ == "__main__":
    raise SystemExit(main())
