"""The version of worldkit."""

__version__ = "0.1.0"
