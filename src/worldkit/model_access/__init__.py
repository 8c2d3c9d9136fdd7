"""How a model is reached: over HTTP with a key, or as weights on this computer."""
