"""Changing a world by an instruction in words, or one state by rewriting it."""
