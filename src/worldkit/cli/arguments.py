"""The commands. The code of a command, with its options, is imported when the command is named."""

from __future__ import annotations

import argparse
import importlib
import re
import sys
from typing import Any, NoReturn

from worldkit.core.quoting import did_you_mean, quote

COMMANDS = (
    ("new", "generate_commands:new", "make a new world with one empty state"),
    ("generate", "generate_commands:generate", "generate a world from a premise, or many"),
    ("revise", "generate_commands:revise", "change a world as an instruction in words says"),
    ("lint", "lint_commands:lint", "check worlds by the rules and list the findings"),
    ("validate", "validate_commands:validate", "validate documents by the JSON Schema"),
    ("explore", "explore_commands:explore", "explore every possible run of worlds"),
    ("check", "check_commands:check", "check which properties hold for every run of worlds"),
    ("playtest", "explore_commands:playtest", "play a world many times and report statistics"),
    ("verify", "assess_commands:verify", "say whether worlds are worth playing"),
    ("quality", "assess_commands:quality", "measure how good worlds are, in four parts with their evidence"),
    ("play", "play_commands:play", "play in the terminal, or check saved runs"),
    ("diff", "edit_commands:diff", "show the differences between two worlds"),
    ("apply", "edit_commands:apply", "apply a batch of operations"),
    ("import", "import_commands:import_story", "make a world of a story or a state machine"),
    ("script", "script_commands:script", "export all texts of a world as one sheet, or import them"),
    ("show", "edit_commands:show", "show a world: summary, SVG, Mermaid"),
    ("paint", "paint_commands:paint", "paint a still for each state, with a text-to-image model"),
    ("samples", "edit_commands:samples", "list the sample worlds, or print one"),
    ("git", "git_commands:git", "compare and merge worlds in git by item and field"),
    ("serve", "server_commands:serve", "serve the /v1 API over a store"),
    ("apps", "server_commands:apps", "manage the apps that may call a server, and their keys"),
    ("store", "store_commands:store", "check a store, and recover one that is damaged"),
    ("frames", "frames_commands:frames", "check a world model that draws, or serve a computed picture"),
    ("models", "model_commands:models", "list the local models, or install the small one"),
)
"""Each command: its name, where the code is, and what it does.

``lint_commands:lint`` has the options in ``lint_options`` and is carried out by ``lint``; a command with tasks, such as
``git``, has options alone, and each task says what carries it out.
"""


class _PrintVersion(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from worldkit.core.version import __version__

        sys.stdout.write(f"worldkit {__version__}\n")
        parser.exit()


class _CommandParser(argparse.ArgumentParser):
    """The parser of one command, which gets its options when the command is named."""

    code: str | None = None

    def parse_known_args(self, *arguments: Any, **options: Any) -> Any:
        if self.code is not None:
            module_name, name = self.code.split(":")
            module = importlib.import_module(f"worldkit.cli.{module_name}")
            self.code = None
            getattr(module, f"{name}_options")(self)
            self.set_defaults(run=getattr(module, name, None))
        return super().parse_known_args(*arguments, **options)


_EPILOG = """\
to begin:
  worldkit samples lighthouse > light.world.json
  worldkit play light.world.json
  worldkit lint light.world.json
The editor opens in a notebook: worldkit.edit("light.world.json").
worldkit COMMAND --help lists the options of a command.

Exit codes: 0 all is well, 1 something was found, 2 the command could not be
carried out."""


class _RootParser(argparse.ArgumentParser):
    """The parser of the whole line: without a command it prints its help, and it knows what a wrong one is like."""

    def parse_args(self, *arguments: Any, **options: Any) -> Any:
        result = super().parse_args(*arguments, **options)
        if not hasattr(result, "run"):
            self.print_help(sys.stderr)
            self.exit(2)
        return result

    def error(self, message: str) -> NoReturn:
        if match := re.match("argument command: invalid choice: '(.*?)'", message):
            near = did_you_mean(match[1], [name for name, *_ in COMMANDS])
            message = f"there is no command {quote(match[1], 40)}{near or '; worldkit --help lists them'}"
        if re.match(r"unrecognized arguments: .*--(?:api-?)?key\b", message):
            # other users of the machine see a command line
            message = "a command takes no key; set it in the environment, such as WORLDKIT_CHAT_KEY"
        super().error(message)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line; what it parses has ``run``, which carries the command out."""
    root = _RootParser(
        prog="worldkit",
        description="Make, check, play, edit, compare and serve SMWorld documents.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    root.add_argument("--version", action=_PrintVersion, nargs=0, help="print the version and exit")
    commands = root.add_subparsers(title="commands", metavar="command", parser_class=_CommandParser)
    for name, code, text in COMMANDS:
        command = commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
        command.code = code
    return root
