"""``play``: a world in the terminal, and suites of saved runs."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from worldkit.cli.options import json_option
from worldkit.cli.terminal import (
    STDIO,
    print_json,
    print_lines,
    print_text,
    read_world,
    require_writable_reports,
    write,
)
from worldkit.core.characters import join_words
from worldkit.core.errors import NotAvailable, WorldError
from worldkit.core.spoken_names import world_title
from worldkit.playing import Offer, Session
from worldkit.playing.narration import repeats, scene_line
from worldkit.suites import RUN_SUFFIX, RunResults, check_runs, save_run, update_runs

if TYPE_CHECKING:
    from worldkit.reporting.junit_xml import JunitSuite

HELP = (
    "number: do it",
    "w [seconds]: wait, 10 seconds if you do not say    f [seconds]: hold forward",
    "a words: ask the open console",
    "u: take back the last thing    r: begin again",
    "t: where you have been    i: what you hold",
    "s name: save this run    q: leave",
)
DEFAULT_SECONDS = 10
"""How long w and f last when they are not told."""


def play_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``worldkit play``."""
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
    json_option(parser, "with --check or --update: print JSON")


def play(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit play``."""
    if arguments.check or arguments.update:
        return _suite(arguments)
    if arguments.world is None:
        raise WorldError("say which world to play, or which runs to check: worldkit play WORLD, or --check RUNS")
    if arguments.world == STDIO:
        raise WorldError("play reads what you type from standard input, so the world must be in a file")
    if arguments.junit or arguments.json:
        raise WorldError("--junit goes with --check, and --json with --check or --update")
    world = read_world(arguments.world)
    folder = Path(arguments.runs) if arguments.runs else Path(arguments.world).parent / "runs"
    TerminalPlayer(Session(world, seed=arguments.seed), Path(arguments.world), folder).run()
    return 0


# ---- saved runs --------------------------------------------------------------------------------


def _suite(arguments: argparse.Namespace) -> int:
    if arguments.update and arguments.junit:
        raise WorldError("--junit goes with --check; what --update records has no outcome")
    require_writable_reports(arguments)
    world = None if arguments.world is None else read_world(arguments.world)
    if arguments.update:
        updates = update_runs(world, arguments.update)
        if arguments.json:
            print_json([update.to_dict() for update in updates])
        else:
            print_text(str(updates))
        return int(not updates.possible)
    results = check_runs(world, arguments.check)
    if arguments.json:
        print_json(results.to_list())
    elif arguments.junit != "-":
        print_text(str(results))
    if arguments.junit:
        from worldkit.reporting.junit_xml import junit

        write(arguments.junit, junit([_cases(results, arguments.check)]))
    return int(not results.passed)


def _cases(results: RunResults, folder: str) -> JunitSuite:
    from worldkit.reporting.junit_xml import Case, JunitSuite

    cases = [
        Case(result.title, "" if result.passed else result.text, result.outcome, not result.passed, result.seconds)
        for result in results
    ]
    return JunitSuite(folder, tuple(cases))


# ---- by hand -----------------------------------------------------------------------------------


class TerminalPlayer:
    """A game in the terminal: lines of text.

    Args:
        session: The run.
        file: The world's file, which saved runs will name.
        folder: Where runs are saved.
    """

    def __init__(self, session: Session, file: Path, folder: Path) -> None:
        self.session = session
        self.file = file
        self.folder = folder

    def run(self) -> None:
        """Play until the player leaves, or standard input ends."""
        print_lines(f"{world_title(self.session.world)}   (? for help)")
        self.show()
        while True:
            sys.stdout.write("> ")
            sys.stdout.flush()
            line = sys.stdin.readline()
            if not line:
                print_lines("")
                return
            word, _, rest = line.strip().partition(" ")
            if word.lower() in ("q", "quit"):
                return
            try:
                self.execute(word, rest.strip())
            except (WorldError, OSError, ValueError) as error:
                print_lines(f"  {' '.join(str(error).split())}")

    def execute(self, word: str, rest: str) -> None:
        """Do one thing that was typed."""
        session = self.session
        if word.isdecimal():
            self.choose(int(word))
            return
        match word.lower():
            case "":
                self.show()
            case "w":
                self.pass_time(rest, forward=False)
            case "f":
                self.pass_time(rest, forward=True)
            case "a":
                print_lines(f"  {session.ask(rest)}")
            case "u":
                session.undo()
                self.show()
            case "r":
                session.restart()
                self.show()
            case "t":
                for mark in session.trail:
                    by = "" if mark["event"] is None else f"  by {mark['event']}"
                    print_lines(f"  {mark['at'] / 1000:8.1f} s  {mark['state']}{by}")
            case "i":
                print_lines(f"  {', '.join(sorted(session.flags)) or 'nothing'}")
            case "s":
                self.save(rest)
            case "?" | "h" | "help":
                print_lines(*(f"  {line}" for line in HELP))
            case _:
                print_lines(f"  {word!r} is not known; ? for help")

    def choose(self, number: int) -> None:
        """Do what is offered under a number."""
        offers = self.session.offers
        if not 1 <= number <= len(offers):
            print_lines(
                f"  there is no {number} here" if offers else "  nothing is offered here; w waits, u takes back"
            )
            return
        offer = offers[number - 1]
        if not offer.available:
            print_lines(f"  locked: {offer.hint}")
            return
        try:
            self.session.fire(offer)
        except NotAvailable as error:
            print_lines(f"  {error}")
        self.show()

    def pass_time(self, seconds: str, forward: bool) -> None:
        """Let time pass, or forward be held."""
        advance = self.session.travel if forward else self.session.wait
        steps = advance(float(seconds or DEFAULT_SECONDS) * 1000)
        for step in steps:
            print_lines(f"  {step.event} happened by itself")
        if not steps:
            print_lines(f"  nothing happens; {self.session.clock / 1000:.1f} s have passed in all")
        self.show()

    def save(self, name: str) -> None:
        """Save the run so far under a name."""
        if not name:
            print_lines("  say under which name: s name")
            return
        slug = join_words(name, "-", "-").strip("-").lower() or "run"
        path = self.folder / f"{slug}{RUN_SUFFIX}"
        number = 2
        while path.exists():
            path = self.folder / f"{slug}-{number}{RUN_SUFFIX}"
            number += 1
        print_lines(f"  saved as {save_run(self.session, path, name=name, world=self.file)}")

    def show(self) -> None:
        """Say where the player is and what is offered."""
        session = self.session
        print_lines("")
        print_text(f"[{session.state}]  {_indented(session.here.base)}".rstrip())
        if session.line and not repeats(session.line, session.here.base):
            print_text(f"  “{_indented(session.line)}”")
        if line := scene_line(session):
            print_text(f"  “{_indented(line)}”")
        if session.ended is not None:
            subtitle = f" {session.ended.subtitle}" if session.ended.subtitle else ""
            print_lines(
                f"  {session.ended.kind}: {session.ended.title}{subtitle}", "  u takes back, r begins again, q leaves"
            )
        if session.terminal is not None:
            print_lines("  a console is open: a words asks it")
        for number, offer in enumerate(session.offers, 1):
            print_lines(f"  {number:2}  {_offer_text(offer)}")


def _indented(text: str) -> str:
    """Return a text with its paragraphs below each other, none of which can be taken for a choice."""
    paragraphs = (" ".join(line.split()) for line in text.splitlines())
    return "\n     ".join(filter(None, paragraphs))


def _offer_text(offer: Offer) -> str:
    return offer.label if offer.available else f"{offer.label}  (locked: {offer.hint})"
