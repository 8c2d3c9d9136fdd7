"""Storyboard drawings: pictures of states, drawn from their prose without any model."""
