"""What exhaustive play found, made for people and for other programs: text, a page, JUnit, SARIF, a table."""

from __future__ import annotations

from worldkit.play.report.digest import Digest, digest
from worldkit.play.report.frame import to_frame
from worldkit.play.report.junit import to_junit
from worldkit.play.report.page import fragment, to_html
from worldkit.play.report.sarif import to_sarif
from worldkit.play.report.text import text

__all__ = ["Digest", "digest", "fragment", "text", "to_frame", "to_html", "to_junit", "to_sarif"]
