"""How a capable model writes a world: a basis, a plan that is played out, one answer a place. Begin at ``writer``."""
