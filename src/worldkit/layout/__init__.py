"""Graph layout and edge routing: where cards stand, and which way the edges between them take."""
