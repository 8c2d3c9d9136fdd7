"""The commands and their options. The code of a command is imported when the command runs."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Callable

Run = Callable[[argparse.Namespace], int]

READERS = ("player", "picture", "recognition", "author")

WORLD = "a world's file; - for standard input"


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from worldkit.core.version import __version__

        sys.stdout.write(f"worldkit {__version__}\n")
        parser.exit()


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line; what it parses has ``run``, which carries the command out."""
    root = argparse.ArgumentParser(
        prog="worldkit",
        description="Make, check, play, edit, compare and serve SMWorld documents.",
        epilog="Exit codes: 0 all is well, 1 something was found, 2 the command could not be carried out.",
    )
    root.add_argument("--version", action=_Version, nargs=0, help="print the version and exit")
    commands = root.add_subparsers(title="commands", metavar="command", required=True)
    _new(_command(commands, "new", "generate:new", "make a new world with one empty state"))
    _generate(_command(commands, "generate", "generate:generate", "generate a world from a premise, or many"))
    _revise(_command(commands, "revise", "generate:revise", "change a world as an instruction in words says"))
    _lint(_command(commands, "lint", "lint:lint", "check worlds by the rules and list the findings"))
    _validate(_command(commands, "validate", "validate:validate", "validate documents by the JSON Schema"))
    _explore(_command(commands, "explore", "lint:explore", "explore every possible run of a world"))
    _check(_command(commands, "check", "check:check", "check which properties hold for every run of a world"))
    _playtest(_command(commands, "playtest", "lint:playtest", "play a world many times and report statistics"))
    _verify(_command(commands, "verify", "lint:verify", "say whether a world is worth playing"))
    _quality(
        _command(commands, "quality", "lint:quality", "measure how good worlds are, in four parts with their evidence")
    )
    _play(_command(commands, "play", "play:play", "play in the terminal, or check saved runs"))
    _diff(_command(commands, "diff", "edit:diff", "show the differences between two worlds"))
    _apply(_command(commands, "apply", "edit:apply", "apply a batch of operations"))
    _import(_command(commands, "import", "import:import_story", "make a world of a story or a state machine"))
    _script(_command(commands, "script", "script:script", "export all texts of a world as one sheet, or import them"))
    _show(_command(commands, "show", "edit:show", "show a world: summary, SVG, Mermaid"))
    _paint(_command(commands, "paint", "paint:paint", "paint a still for each state, with a text-to-image model"))
    _samples(_command(commands, "samples", "edit:samples", "list the sample worlds, or print one"))
    _git(_command(commands, "git", "git:install", "compare and merge worlds in git by item and field"))
    _serve(_command(commands, "serve", "server:serve", "serve the /v1 API over a store"))
    _apps(_command(commands, "apps", "server:list_apps", "manage the apps that may call a server, and their keys"))
    _store(_command(commands, "store", "store:check", "check a store, and recover one that is damaged"))
    _frames(_command(commands, "frames", "frames:check", "check a world model that draws, or serve a computed picture"))
    _models(_command(commands, "models", "model:list_models", "list the local models, or install the small one"))
    return root


Commands = argparse._SubParsersAction  # noqa: SLF001  # argparse has no public name for it


def _command(
    commands: Commands[argparse.ArgumentParser], name: str, handler: str, text: str
) -> argparse.ArgumentParser:
    command_parser = commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
    command_parser.set_defaults(run=_lazy_handler(handler))
    return command_parser


def _lazy_handler(handler: str) -> Run:
    module, name = handler.split(":")

    def run(arguments: argparse.Namespace) -> int:
        code: int = getattr(importlib.import_module(f"worldkit.cli.{module}_commands"), name)(arguments)
        return code

    return run


def _new(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", help="its name")
    _new_file(parser, "output file, such as mine.world.json (standard output)")


def _generate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("premises", nargs="*", metavar="premise", help="what a world is about, in any words")
    parser.add_argument(
        "--from", dest="premises_from", metavar="FILE", help="premises, one a line; - for standard input"
    )
    _new_file(
        parser,
        "output file (standard output); of several premises a file of JSON Lines, which the same command completes",
    )
    _language_model(parser)
    parser.add_argument("--states", type=_whole_number, default=6, help="number of states, 5 to 200 (6)")
    parser.add_argument(
        "--planner",
        choices=("auto", "model", "seed"),
        default="auto",
        help="whether the model plans the world, or the seed (auto: the model, if it is a capable one)",
    )
    parser.add_argument(
        "--feature",
        action="append",
        default=[],
        choices=("missions", "timers", "hidden", "variants", "evidence"),
        help="what a capable model plans beside places and moves; repeatable",
    )
    parser.add_argument("--frame", metavar="FILE", help="a picture that the hosted service makes the world from")
    parser.add_argument("--pov", help="the point of view, for the hosted service, such as third_person_shoulder")


def _revise(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("world", help=WORLD)
    parser.add_argument("instruction", help='such as "make the lane colder"')
    _language_model(parser)
    destination = parser.add_mutually_exclusive_group()
    destination.add_argument("-o", "--output", metavar="FILE", help="write the revised world; - for standard output")
    destination.add_argument("--in-place", action="store_true", help="overwrite the world's file")
    _json(parser, "print the reply and the operations as JSON")


def _new_file(parser: argparse.ArgumentParser, text: str) -> None:
    parser.add_argument("-o", "--output", metavar="FILE", default="-", help=text)
    parser.add_argument("--force", action="store_true", help="replace the file if it exists")


def _language_model(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--model",
        default="local",
        help="local, local:FOLDER-ID-OR-GGUF, chat:BASE-URL#MODEL (its key comes from $WORLDKIT_CHAT_KEY), hosted, or "
        "templates for none (local)",
    )
    parser.add_argument("--seed", type=int, default=1, help="random seed (1)")


def _lint(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("worlds", nargs="+", metavar="world", help=f"{WORLD}; a folder for all *.world.json in it")
    parser.add_argument(
        "--profile",
        choices=("hosted", "studio"),
        default="hosted",
        help="the rules of the hosted platform, or the Studio's stricter ones (hosted)",
    )
    parser.add_argument("--deep", action="store_true", help="also explore every possible run")
    parser.add_argument("--fix", action="store_true", help="first apply the safe fixes to the files")
    _fail_on(parser)
    _limits(parser)
    _reports(parser)


def _validate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="file", help=f"{WORLD}; a folder for all *.world.json in it")
    parser.add_argument("--schema", metavar="FILE", help="a later JSON Schema of SMWorld to validate by")
    _json(parser)


def _explore(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("world", help=WORLD)
    parser.add_argument("--engine", help="force one engine: search, bdd, compiled, antichain or bounded")
    parser.add_argument("--html", metavar="FILE", help="write the report as a page")
    _fail_on(parser)
    _limits(parser)
    _reports(parser)


def _check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("world", help=WORLD)
    parser.add_argument("--properties", metavar="FILE", help="the properties (mine.properties.toml beside the world)")
    parser.add_argument("--property", action="append", metavar="TEXT", help="check this one instead; repeatable")
    parser.add_argument("--suggest", action="store_true", help="print properties that hold and are worth keeping")
    parser.add_argument("--save-runs", metavar="FOLDER", help="save the runs that break a property as *.run.json")
    parser.add_argument("--junit", metavar="FILE", help="write JUnit XML; - for standard output")
    _json(parser)
    _limits(parser)


def _playtest(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("world", help=WORLD)
    parser.add_argument("--runs", type=_whole_number, default=10_000, help="number of plays (10,000)")
    parser.add_argument(
        "--policy", choices=("random", "novelty"), default="random", help="policy of the simulated player (random)"
    )
    parser.add_argument("--seed", type=int, default=0, help="random seed (0)")
    parser.add_argument("--steps", type=_whole_number, default=200, help="maximum number of steps of a play (200)")
    _json(parser)


def _verify(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("world", help=WORLD)
    parser.add_argument("--premise", help="the premise it was made from")
    _json(parser)


def _quality(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("worlds", nargs="+", metavar="world", help=f"{WORLD}; several are compared too")
    parser.add_argument("--premise", help="the premise they were made from")
    parser.add_argument("--html", metavar="FILE", help="write the report as a page; - for standard output")
    _json(parser)


def _play(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("world", nargs="?", help="a world's file; with saved runs: in place of the one each names")
    suite_options = parser.add_mutually_exclusive_group()
    suite_options.add_argument(
        "--check", metavar="RUNS", help="replay the saved runs of a folder and report which still hold"
    )
    suite_options.add_argument(
        "--update", metavar="RUNS", help="record the saved runs of a folder again and report what changed"
    )
    parser.add_argument("--junit", metavar="FILE", help="with --check: write JUnit XML; - for standard output")
    parser.add_argument(
        "--runs", metavar="FOLDER", help="folder for runs that you save with s (runs, beside the world)"
    )
    parser.add_argument("--seed", type=int, default=0, help="seed stored in saved runs (0)")
    _json(parser, "with --check or --update: print JSON")


def _diff(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("before", help=WORLD)
    parser.add_argument("after", help=WORLD)
    parser.add_argument("--deep", action="store_true", help="explore both, and report what changed in play")
    _limits(parser)
    _json(parser)


def _apply(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("world", help=WORLD)
    parser.add_argument("ops", help="a file with a list of operations; - for standard input")
    parser.add_argument("--strict", action="store_true", help="refuse a batch that introduces rule errors")
    destination = parser.add_mutually_exclusive_group()
    destination.add_argument("-o", "--output", metavar="FILE", default="-", help="output file (standard output)")
    destination.add_argument("--in-place", action="store_true", help="overwrite the world's file")


def _import(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", help="Twee, a Twine 2 page, ink or XState as JSON, or SCXML")
    parser.add_argument("-o", "--output", metavar="FILE", default="-", help="output file (standard output)")
    parser.add_argument(
        "--max-copies", type=int, default=16, metavar="N", help="most copies of one passage in the world (16)"
    )


def _script(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("world", help=WORLD)
    parser.add_argument("sheet", help="the sheet: *.csv, or *.xlf for XLIFF 2.0")
    parser.add_argument(
        "--for", dest="readers", action="append", choices=READERS, help="only texts for this reader (all); repeatable"
    )
    parser.add_argument("--language", metavar="TAG", help="the target language of a translation, such as de")
    parser.add_argument("--source-language", metavar="TAG", default="en", help="the language of the world (en)")
    parser.add_argument("--take", action="store_true", help="import the sheet, and write the world with its texts")
    parser.add_argument(
        "--overwrite", action="store_true", help="with --take: also replace texts that changed in the world since"
    )
    destination = parser.add_mutually_exclusive_group()
    destination.add_argument(
        "-o", "--output", metavar="FILE", default="-", help="with --take: output file (standard output)"
    )
    destination.add_argument("--in-place", action="store_true", help="with --take: overwrite the world's file")


def _show(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("world", help=WORLD)
    parser.add_argument("--svg", metavar="FILE", help="write a picture; - for standard output")
    parser.add_argument("--mermaid", metavar="FILE", help="write a Mermaid state diagram; - for standard output")
    _json(parser)


def _paint(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("world", help="a world's file; the stills go into a folder beside it")
    parser.add_argument(
        "--model",
        required=True,
        help="diffusers:ID-OR-FOLDER, or images:BASE-URL#MODEL; a key comes from $WORLDKIT_IMAGES_KEY",
    )
    parser.add_argument("--state", action="append", metavar="ID", help="paint this one (all); repeatable")
    parser.add_argument("--seed", type=int, default=0, help="the seed of every picture (0)")
    parser.add_argument("--size", type=_size, metavar="WxH", help="pixels across and down, such as 1024x576")
    parser.add_argument(
        "--strength", type=float, default=0.8, help="how far a picture may go from the one before it, up to 1 (0.8)"
    )
    parser.add_argument("--steps", type=_whole_number, help="steps for one picture, of a diffusers model")
    parser.add_argument("--guidance", type=float, help="how closely a diffusers model keeps to the prompt")
    parser.add_argument("--repaint", action="store_true", help="also paint states that have a still")
    parser.add_argument(
        "--set-as",
        action="append",
        choices=("cover", "entrance", "seedFrame"),
        help="also put stills into this field of the world; repeatable",
    )
    parser.add_argument("--embed", action="store_true", help="put each still into the world, as image of its state")
    destination = parser.add_mutually_exclusive_group()
    destination.add_argument(
        "-o", "--output", metavar="FILE", help="output file for the changed world; - for standard output"
    )
    destination.add_argument("--in-place", action="store_true", help="overwrite the world's file")
    parser.add_argument("--html", metavar="FILE", help="write a page with all stills")
    _json(parser)


def _samples(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", help="print this one")
    _json(parser)


def _git(parser: argparse.ArgumentParser) -> None:
    tasks = parser.add_subparsers(title="tasks", metavar="task", required=True)
    for name, text in (
        ("install", "install the drivers for this repository, or for all of the user's"),
        ("uninstall", "remove the drivers"),
    ):
        task = _command(tasks, name, f"git:{name}", text)
        task.add_argument("--global", dest="all", action="store_true", help="for all repositories of this user")
    task = _command(tasks, "diff-driver", "git:diff_driver", "called by git to compare a world")
    task.add_argument("path", help="its path in the repository")
    task.add_argument("rest", nargs="*", help="old file, hex and mode, new file, hex and mode; after a rename more")
    task = _command(tasks, "textconv", "git:textconv", "called by git to print a world, one field a line")
    task.add_argument("file", help="a world's file")
    task = _command(tasks, "merge-driver", "git:merge_driver", "called by git to merge a world; overwrites ours")
    for name in ("base", "ours", "theirs"):
        task.add_argument(name, help=f"the file with {name}")
    task.add_argument("path", help="its path in the repository")
    task.add_argument("marker", nargs="?", type=_whole_number, default=7, help="the size of a conflict's marker (7)")


def _serve(parser: argparse.ArgumentParser) -> None:
    _db(parser)
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen at (127.0.0.1)")
    parser.add_argument("--port", type=int, default=8765, help="the port; 0 for a free one (8765)")
    parser.add_argument(
        "--generator", default="templates", help="templates, local, local:..., torch:..., vllm:..., chat:... or none"
    )
    parser.add_argument("--workers", type=_whole_number, default=1, help="number of server processes (1)")
    parser.add_argument("--jobs", type=int, default=1, help="concurrent jobs in each process; 0 for none (1)")
    parser.add_argument("--rate", type=float, default=50, help="requests per second and key; 0 for no limit (50)")
    parser.add_argument("--origin", action="append", default=[], help="an origin whose pages may call /v1; repeatable")
    parser.add_argument(
        "--webhooks-private", action="store_true", help="allow webhooks to private networks, for testing"
    )
    parser.add_argument("--public-url", help="the public address of a proxy in front of the server")
    for unit, cap, meaning in (
        ("generation", 1_000, "generated worlds"),
        ("session", 10_000, "minted session tokens"),
        ("edit", 1_000, "executed instructions"),
        ("session_seconds", 10_000_000, "seconds of connected players"),
    ):
        option = f"--cap-{unit.replace('_', '-')}"
        parser.add_argument(option, type=int, default=cap, metavar="N", help=f"{meaning} per app and day ({cap:,})")
    default_bytes = 1_000_000_000
    parser.add_argument(
        "--cap-bytes", type=int, default=default_bytes, metavar="N", help=f"stored bytes per app ({default_bytes:,})"
    )
    parser.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="a further host name that the server answers to",
    )
    parser.add_argument(
        "--limit",
        nargs=2,
        action="append",
        default=[],
        metavar=("NAME", "N"),
        help="one of the limits of docs/server.md, such as: --limit connections 2000",
    )


def _apps(parser: argparse.ArgumentParser) -> None:
    tasks = parser.add_subparsers(title="tasks", metavar="task", required=True)
    task = _command(tasks, "create", "server:create", "create an app and print its keys, once")
    task.add_argument("name", help="the app's name")
    task.add_argument(
        "--cap",
        nargs=2,
        action="append",
        default=[],
        metavar=("UNIT", "N"),
        help="a cap for this app",
    )
    rotate = _command(tasks, "rotate", "server:rotate", "revoke an app's keys of a mode and print new ones, once")
    revoke = _command(tasks, "revoke", "server:revoke", "revoke an app's keys, and with them the tokens they minted")
    cap_task = _command(tasks, "cap", "server:limit", "set a cap for an app, for a usage unit or for bytes")
    listing = _command(tasks, "list", "server:list_apps", "list the apps and their keys, without secrets")
    for task_parser in (rotate, revoke, cap_task):
        task_parser.add_argument("app", help="the app's id")
    cap_task.add_argument("kind", help="generation, session, edit or session_seconds (per day), or bytes (stored)")
    cap_task.add_argument("most", type=_whole_number, help="the cap")
    revoke.add_argument("--mode", choices=("test", "live"), help="only keys of this mode")
    for task_parser in (task, rotate):
        task_parser.add_argument("--mode", choices=("test", "live"), default="test", help="the keys' mode (test)")
        task_parser.add_argument(
            "--scopes", nargs="+", help="what the secret key may do (everything; when rotated, as before)"
        )
    for task_parser in (task, rotate, revoke, cap_task, listing):
        _db(task_parser)
    for task_parser in (task, rotate, cap_task, listing):
        _json(task_parser)


def _store(parser: argparse.ArgumentParser) -> None:
    tasks = parser.add_subparsers(title="tasks", metavar="task", required=True)
    check = _command(tasks, "check", "store:check", "check a store and list what cannot be read")
    recover = _command(tasks, "recover", "store:recover", "recover a damaged store; the original stays beside it")
    recover.add_argument("--accept", action="store_true", help="accept the loss, so that the store can be served")
    for task_parser in (check, recover):
        task_parser.add_argument("file", nargs="?", help="the store's file ($WORLDKIT_DB, else worlds.db)")
        _json(task_parser)


def _frames(parser: argparse.ArgumentParser) -> None:
    tasks = parser.add_subparsers(title="tasks", metavar="task", required=True)
    task = _command(tasks, "check", "frames:check", "check a world model, claim by claim")
    address = "ws:// or wss:// (protocol 1), mira:ws://, reactor:http:// or reactor:https://host/model"
    task.add_argument("url", help=f"{address}; a key comes from $WORLDKIT_PAINTER_KEY")
    _json(task)
    task = _command(tasks, "serve", "frames:serve", "serve a computed picture that follows prompts and controls")
    task.add_argument("--host", default="127.0.0.1", help="the address to listen at (127.0.0.1)")
    task.add_argument(
        "--dialect",
        choices=("protocol-1", "mira", "reactor"),
        default="protocol-1",
        help="the protocol of the server (protocol-1)",
    )
    task.add_argument("--port", type=int, help="the port; 0 takes a free one (8765, for mira 8771, for reactor 8080)")
    task.add_argument("--python", help="for reactor: a Python with reactor-runtime ($WORLDKIT_REACTOR_PYTHON)")
    task.add_argument("--fps", type=_whole_number, default=30, help="pictures per second (30)")
    task.add_argument("--size", default="640x360", help="pixels across and down (640x360)")
    task.add_argument(
        "--format",
        choices=("JPEG", "PNG", "WEBP", "GIF", "rgba", "legacy"),
        default="JPEG",
        help="format of pictures in protocol 1 (JPEG)",
    )


def _db(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--db", help="a file, or the URL of a PostgreSQL ($WORLDKIT_DB, else worlds.db)")


def _models(parser: argparse.ArgumentParser) -> None:
    tasks = parser.add_subparsers(title="tasks", metavar="task", required=True)
    task = _command(tasks, "list", "model:list_models", "list the local models, and which of them are installed")
    _json(task)
    task = _command(tasks, "install", "model:install", "install a model, so that it runs without a network")
    task.add_argument("name", choices=("tiny",), help="tiny: SmolLM2-135M-Instruct, 93 MB, Apache-2.0")


# ---- what several share --------------------------------------------------------------------------


def _json(parser: argparse.ArgumentParser, text: str = "print JSON") -> None:
    parser.add_argument("--json", action="store_true", help=text)


def _reports(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--sarif", metavar="FILE", help="write SARIF 2.1.0; - for standard output")
    parser.add_argument("--junit", metavar="FILE", help="write JUnit XML; - for standard output")
    _json(parser)


def _limits(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("limits of exhaustive play")
    group.add_argument("--seconds", type=_positive, help="maximum time in seconds (30)")
    group.add_argument(
        "--nodes", type=_whole_number, help="maximum number of nodes of a decision diagram (limited by memory)"
    )
    group.add_argument("--memory-mb", type=_positive, help="maximum memory for positions in MiB (1,024)")


def _fail_on(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--fail-on",
        choices=("error", "warning", "info", "never"),
        default="warning",
        help="exit with 1 for findings of this severity or higher (warning)",
    )


def _whole_number(text: str) -> int:
    number = int(text.replace("_", ""))
    if number < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number of at least 1, got {text}")
    return number


def _positive(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"expected a number above 0, got {text}")
    return number


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    if not (width.isdecimal() and height.isdecimal()):
        raise argparse.ArgumentTypeError(f"expected a size such as 1024x576, got {text!r}")
    return int(width), int(height)
