"""``worldkit git``: differences and merges of worlds in git, by item and field instead of by line.

Git runs the drivers in the top folder of the work tree (gitattributes(5), "Defining an external diff driver" and
"Defining a custom merge driver").
"""

from __future__ import annotations

import argparse
import contextlib
import difflib
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from worldkit.cli.options import add_task, whole_number
from worldkit.cli.terminal import escaped_lines, one_line, print_document, print_error, print_lines
from worldkit.core import json_values
from worldkit.core.atomic_write import write_atomically
from worldkit.core.document import json_of
from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json
from worldkit.core.quoting import format_count
from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.comparison import Merge

WORLD_FILE_PATTERN = "*.world.json"
DRIVER_NAME = "worldkit"
ATTRIBUTES = f"{WORLD_FILE_PATTERN} diff={DRIVER_NAME} merge={DRIVER_NAME}"

_NULL_FILES = ("/dev/null", "nul", "NUL")
_EXPLORE_SECONDS = 2.0  # what each exploration of a merge may take
_MARKER_SIZE = 7  # where the attribute conflict-marker-size sets no other
_NUMBER = re.compile(r"\s*\+?([0-9]{1,9})")
_MAX_CONFLICTS_SHOWN = 20


# ---- installing --------------------------------------------------------------------------------


def git_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``worldkit git``."""
    tasks = parser.add_subparsers(title="tasks", metavar="task", required=True)
    for name, run, text in (
        ("install", install, "install the drivers for this repository, or for all of the user's"),
        ("uninstall", uninstall, "remove the drivers"),
    ):
        task = add_task(tasks, name, run, text)
        task.add_argument("--global", dest="all", action="store_true", help="for all repositories of this user")
    task = add_task(tasks, "diff-driver", diff_driver, "called by git to compare a world")
    task.add_argument("path", help="its path in the repository")
    task.add_argument("rest", nargs="*", help="old file, hex and mode, new file, hex and mode; after a rename more")
    task = add_task(tasks, "textconv", textconv, "called by git to print a world, one field a line")
    task.add_argument("file", help="a world's file")
    task = add_task(tasks, "merge-driver", merge_driver, "called by git to merge a world; overwrites ours")
    for name in ("base", "ours", "theirs"):
        task.add_argument(name, help=f"the file with {name}")
    task.add_argument("path", help="its path in the repository")
    task.add_argument("marker", nargs="?", type=whole_number, default=7, help="the size of a conflict's marker (7)")


def install(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit git install``."""
    scope = "--global" if arguments.all else "--local"
    attributes = _attributes(arguments.all)
    program = f"{shlex.quote(Path(sys.executable).as_posix())} -m worldkit.cli git"
    for key, value in {
        f"diff.{DRIVER_NAME}.command": f"{program} diff-driver --",
        f"diff.{DRIVER_NAME}.textconv": f"{program} textconv --",
        f"diff.{DRIVER_NAME}.cachetextconv": "true",
        f"merge.{DRIVER_NAME}.name": "worldkit: worlds by item and field",
        f"merge.{DRIVER_NAME}.driver": f"{program} merge-driver -- %O %A %B %P %L",
    }.items():
        _git("config", scope, key, value)
    line = ATTRIBUTES.encode()
    content = attributes.read_bytes() if attributes.exists() else b""  # git takes names of files in any encoding
    if line not in content.splitlines():
        attributes.parent.mkdir(parents=True, exist_ok=True)
        separator = b"" if not content or content.endswith(b"\n") else b"\n"
        write_atomically(attributes, content + separator + line + b"\n")
    print_lines(f"git now compares and merges {WORLD_FILE_PATTERN} by item and field ({attributes})")
    return 0


def uninstall(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit git uninstall``."""
    scope = "--global" if arguments.all else "--local"
    attributes = _attributes(arguments.all)
    for section in (f"diff.{DRIVER_NAME}", f"merge.{DRIVER_NAME}"):
        _git("config", scope, "--remove-section", section, quiet=True)
    if attributes.exists():
        lines = attributes.read_bytes().splitlines(keepends=True)
        remaining = [line for line in lines if line.rstrip(b"\r\n") != ATTRIBUTES.encode()]
        if remaining:
            write_atomically(attributes, b"".join(remaining))
        elif lines:
            attributes.unlink()
    print_lines(f"git compares and merges {WORLD_FILE_PATTERN} by line again")
    return 0


def _attributes(is_global: bool) -> Path:
    if not is_global:
        return Path(_git("rev-parse", "--show-toplevel")) / ".gitattributes"
    configured_path = _git("config", "--global", "--type=path", "core.attributesFile", quiet=True)
    folder = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(configured_path) if configured_path else Path(folder) / "git" / "attributes"


def _git(*arguments: str, quiet: bool = False) -> str:
    try:
        process = subprocess.run(
            ["git", *arguments], capture_output=True, encoding="utf-8", errors="surrogateescape", check=False
        )
    except FileNotFoundError:
        raise WorldError("git is not installed, or not on the search path") from None
    if process.returncode and not quiet:
        raise WorldError(f"git {arguments[0]}: {process.stderr.strip()}")
    return process.stdout.strip()


# ---- reading -----------------------------------------------------------------------------------


def _text(name: str) -> str | None:
    """Return the text of a file; None when it is none."""
    try:
        return "" if name in _NULL_FILES else Path(name).read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return None


def _world(text: str | None) -> World | None:
    """Return the world of a text: one without anything in it for no text, None for a text that holds no bare world."""
    if text is None:
        return None
    if not text.strip():
        return World.from_dict({"scene": {"states": {}, "events": []}})
    try:
        value = json_values.parse(text)
        return World.from_dict(value) if isinstance(value, dict) and "scene" in value else None
    except WorldError:
        return None


# ---- the difference ----------------------------------------------------------------------------


def diff_driver(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit git diff-driver``, which git calls with what changed."""
    from worldkit.comparison import diff

    path = arguments.path
    if len(arguments.rest) < 6:
        _print_for_git(f"worldkit diff {path}", "not merged yet")
        return 0
    old, new = arguments.rest[0], arguments.rest[3]
    texts = [_text(old), _text(new)]
    worlds = [_world(text) for text in texts]
    new_path = arguments.rest[6] if len(arguments.rest) > 6 else path
    _print_for_git(f"worldkit diff {path}" if new_path == path else f"worldkit diff {path} → {new_path}")
    before, after = worlds
    if old in _NULL_FILES or new in _NULL_FILES:
        _print_for_git("new file" if old in _NULL_FILES else "deleted file")
    if before is not None and after is not None:
        _print_for_git(*str(diff(before, after)).split("\n"))
    elif None in texts:
        _print_for_git("not UTF-8 text")
    else:
        _print_for_git("not readable as a world; by line:")
        old_lines, new_lines = ((text or "").splitlines() for text in texts)
        _print_for_git(*difflib.unified_diff(old_lines, new_lines, f"a/{path}", f"b/{new_path}", lineterm=""))
    return 0  # anything else stops git


def textconv(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit git textconv``: a world as lines, a field a line, each with its whole path."""
    text = _text(arguments.file)
    world = _world(text)
    if world is None:
        _print_for_git(*(text or "").splitlines())
    else:
        _print_for_git(*_lines(json_of(world)))
    return 0


def _print_for_git(*lines: str) -> None:
    """Write lines as git writes the content of files: in UTF-8, whatever the terminal's encoding."""
    print_document(escaped_lines(*lines))


def _lines(raw: Json) -> Iterator[str]:
    scene = raw["scene"]
    for key, value in raw.items():
        if key != "scene":
            yield from _fields(value, (key,))
    for key, value in scene.items():
        if key not in ("states", "events"):
            yield from _fields(value, ("scene", key))
    for id, body in scene["states"].items():
        yield from _fields(body, ("states", id))
    for event in scene["events"]:
        yield from _fields({key: value for key, value in event.items() if key != "name"}, ("events", event["name"]))


def _fields(value: Any, path: tuple[str | int, ...]) -> Iterator[str]:
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from _fields(item, (*path, key))
    elif isinstance(value, list) and any(isinstance(item, (dict, list)) for item in value):
        for index, item in enumerate(value):
            yield from _fields(item, (*path, index))
    else:
        yield f"{json_values.format_path(path)}: {json_values.dumps(value, None)}"


# ---- the merge ---------------------------------------------------------------------------------


def merge_driver(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit git merge-driver``: write the merge over ours, exit with 1 when conflicts are left."""
    from worldkit.comparison import merge
    from worldkit.exploration import Budget

    texts = [_text(name) for name in (arguments.base, arguments.ours, arguments.theirs)]
    base, ours, theirs = (_world(text) for text in texts)
    extra = _extra_marker_size(arguments)
    is_final = extra < 2
    if is_final:
        _remove_former_conflicts(arguments.path)
    if base is None or ours is None or theirs is None:
        print_error(f"{arguments.path}: not readable as a world on every side; merged by line")
        return _merge_by_line(arguments)
    result = merge(base, ours, theirs)
    world = result.world if is_final else _common_ancestor(result)
    as_theirs = world is theirs and world is not ours
    text = (texts[2] or "") if as_theirs else _formatted_like(world, texts[1] or "")
    write_atomically(Path(arguments.ours), text.encode("utf-8"))
    if not is_final:
        return int(bool(result.conflicts))
    if result.conflicts:
        _report_conflicts(arguments.path, result, is_renamed=extra == 1)
        return 1
    for warning in result.check(Budget(seconds=_EXPLORE_SECONDS)):
        if warning.severity != "info":
            print_error(f"{arguments.path}: merged without a conflict, but: {warning.message}")
    return 0


def _extra_marker_size(arguments: argparse.Namespace) -> int:
    """Return by how much git made the markers longer than the attribute conflict-marker-size says.

    Git merges several common ancestors first, which nobody looks at, with markers longer by two for each level. For a
    file that both sides renamed, or whose new name is taken, it adds one.
    """
    answer = _git("check-attr", "-z", "conflict-marker-size", "--", arguments.path, quiet=True).split("\0")
    if len(answer) < 3:
        return 0  # it may be the merge that a person sees
    number = _NUMBER.match(answer[2])
    size: int = arguments.marker
    return size - ((int(number[1]) if number else 0) or _MARKER_SIZE)


def _common_ancestor(result: Merge) -> World:
    """Return a merge of common ancestors with what the two still agreed on, so that neither side of a conflict wins."""
    try:
        return result.resolve_all("base").world
    except WorldError:
        return result.base


def _merge_by_line(arguments: argparse.Namespace) -> int:
    command = ["git", "merge-file", "-L", "ours", "-L", "base", "-L", "theirs"]
    command += [f"--marker-size={arguments.marker}", arguments.ours, arguments.base, arguments.theirs]
    return min(subprocess.run(command, check=False).returncode, 1)


def _formatted_like(world: World, template: str) -> str:
    """Return a world as text, laid out as another text is."""
    from worldkit.stores.file import format_of

    indent, newline = format_of(template) if template.strip() else ("  ", "\n")
    text = json_values.dumps(json_of(world), indent)
    terminated = text if template and not template.endswith("\n") else text + "\n"
    return terminated.replace("\n", newline)


def _conflicts_file(path: str) -> Path:
    return Path(f"{path}.conflicts.json")


def _report_conflicts(path: str, result: Merge, *, is_renamed: bool) -> None:
    """Print the conflicts, write them beside the world, and say what to do."""
    file, count = _conflicts_file(path), len(result.conflicts)
    place = "The file, under the name that git says," if is_renamed else "The file"
    summary = f"{path}: {format_count(count, 'conflict')}. {place} is a readable world and holds our side of each"
    text = json_values.dumps({"world": path, **result.to_dict()}) + "\n"
    for conflict in result.conflicts[:_MAX_CONFLICTS_SHOWN]:
        print_error(f"{path}: {conflict.path}: {conflict.why}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)  # of a folder that was renamed, git writes the files later
        write_atomically(file, text.encode("utf-8"))
    except OSError as error:
        for conflict in result.conflicts[_MAX_CONFLICTS_SHOWN:]:
            print_error(f"{path}: {conflict.path}: {conflict.why}")
        place_text = "in the commit that is merged" if is_renamed else f"in: git show {shlex.quote(f':3:{path}')}"
        print_error(f"{summary}; their side is {place_text}. No list could be written: {one_line(error)}")
        return
    print_error(f"{summary}; {file} lists both sides. Edit the world, delete that list, and git add the world.")


def _remove_former_conflicts(path: str) -> None:
    """Remove the list of an earlier merge, which was aborted or is resolved; one that is being resolved stays.

    Git also calls the driver during a merge that is being resolved, as for ``git log --remerge-diff``.
    """
    file = _conflicts_file(path)
    with contextlib.suppress(OSError):
        if file.exists() and not _git("--literal-pathspecs", "ls-files", "--unmerged", "--", path, quiet=True):
            file.unlink()
