"""Stills from a text-to-image model: ``worldkit.paint``."""
