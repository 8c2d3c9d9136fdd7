"""Painters: what draws a world while it is played. Adapters of world models, a loopback server and a checker."""
