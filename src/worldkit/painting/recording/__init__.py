"""A session with its frames: written while it is played, read and drawn again later."""
