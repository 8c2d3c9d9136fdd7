"""Reports of explorations and playtests, for people and other programs: text, HTML, JUnit, SARIF, a table."""

from __future__ import annotations

from worldkit.reporting.dataframe import to_frame
from worldkit.reporting.exploration_digest import Digest, digest
from worldkit.reporting.exploration_page import fragment, to_html
from worldkit.reporting.exploration_text import text
from worldkit.reporting.junit import to_junit
from worldkit.reporting.sarif import to_sarif

__all__ = ["Digest", "digest", "fragment", "text", "to_frame", "to_html", "to_junit", "to_sarif"]
