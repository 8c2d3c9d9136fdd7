"""Stills: pictures of states that a model painted, kept beside a world."""
