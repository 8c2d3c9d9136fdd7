"""Which function makes which form of a value; see ``worldkit.core.display``.

These are the only references from lower layers to higher ones. They are text, so that nothing is imported for them.
"""

from __future__ import annotations

from worldkit.core.display import register

TARGETS = {
    ("Diagnostic", "fix"): "worldkit.ruleset:fix_of",
    ("Diagnostics", "fixed world"): "worldkit.ruleset.fixing:apply_fixes",
    ("Exploration", "dataframe"): "worldkit.reporting.dataframe:to_frame",
    ("Exploration", "html"): "worldkit.reporting.exploration_page:to_html",
    ("Exploration", "html fragment"): "worldkit.reporting.exploration_page:fragment",
    ("Exploration", "junit"): "worldkit.reporting.junit:to_junit",
    ("Exploration", "mimebundle"): "worldkit.widgets.api:mimebundle",
    ("Exploration", "sarif"): "worldkit.reporting.sarif:to_sarif",
    ("Exploration", "text"): "worldkit.reporting.exploration_text:text",
    ("Imported", "html"): "worldkit.reporting.imported_page:fragment",
    ("Imported", "text"): "worldkit.reporting.imported_page:text",
    ("Pacing", "html"): "worldkit.reporting.pacing_page:fragment",
    ("Playtest", "html"): "worldkit.reporting.playtest_page:page",
    ("Playtest", "plot"): "worldkit.reporting.playtest_plots:plot",
    ("Playtest", "text"): "worldkit.reporting.playtest_text:text",
    ("Quality", "html"): "worldkit.reporting.quality_page:to_html",
    ("Quality", "html fragment"): "worldkit.reporting.quality_page:fragment",
    ("Quality", "text"): "worldkit.reporting.quality_text:text",
    ("Revision", "comparison"): "worldkit.widgets.api:compare_revision",
    ("World", "html"): "worldkit.reporting.play_page:to_html",
    ("progress", "cell"): "worldkit.widgets.generation_display:cell_progress",
    ("progress", "painting"): "worldkit.widgets.painting_progress:PaintingProgress",
}
"""Renderers by the class of the value, or what it is, and by the form."""

for (name, form), target in TARGETS.items():
    register(name, form, target)
