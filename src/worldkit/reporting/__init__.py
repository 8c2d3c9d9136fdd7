"""Reports for people and other programs: of explorations, play-tests and lint, as text, HTML, JUnit, SARIF, tables.

Every form is a module, so that a command loads only the form that it writes.
"""
