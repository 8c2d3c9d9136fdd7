"""JUnit XML, as continuous integration reads it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that was looked at.

    Attributes:
        name: What it is called.
        text: What was found; empty when all is well.
        kind: What kind of thing was found.
        failed: It counts as a failure; otherwise the text is only kept.
        seconds: How long it took.
    """

    name: str
    text: str = ""
    kind: str = ""
    failed: bool = False
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Suite:
    """Several cases that belong together."""

    name: str
    cases: tuple[Case, ...]


def junit(suites: Iterable[Suite]) -> str:
    """Return suites as JUnit XML; characters that XML cannot hold become U+FFFD."""
    given = list(suites)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f"<testsuites {_counts(c for s in given for c in s.cases)}>"]
    for suite in given:
        lines.append(f"  <testsuite name={_quoted(suite.name)} {_counts(suite.cases)}>")
        for case in suite.cases:
            head = f'    <testcase name={_quoted(case.name)} classname={_quoted(suite.name)} time="{case.seconds:.3f}"'
            if case.failed:
                first = case.text.split("\n", 1)[0]
                body = f"<failure message={_quoted(first)} type={_quoted(case.kind)}>{_escaped(case.text)}</failure>"
                lines.append(f"{head}>{body}</testcase>")
            elif not case.text:
                lines.append(f"{head}/>")
            else:
                lines.append(f"{head}><system-out>{_escaped(f'{case.kind}: {case.text}')}</system-out></testcase>")
        lines.append("  </testsuite>")
    return "\n".join([*lines, "</testsuites>"])


def _counts(cases: Iterable[Case]) -> str:
    given = list(cases)
    failures = sum(case.failed for case in given)
    return f'tests="{len(given)}" failures="{failures}" errors="0" time="{sum(case.seconds for case in given):.3f}"'


def _legal(text: str) -> str:
    return _ILLEGAL.sub("\ufffd", text)


def _escaped(text: str) -> str:
    return escape(_legal(text))


def _quoted(text: str) -> str:
    return quoteattr(_legal(text), {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})
