"""Hostile JSON for everything that reads it; ``python -m tests.fuzz --help``."""
