"""A text that somebody wrote becomes a world, or a campaign of worlds."""
