"""From a premise to the plan of a world: its places and steps as typed values."""
