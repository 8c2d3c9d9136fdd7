"""How good a world is, in four parts with their evidence; and what a premise names."""
