"""Graph layout and edge routing: positions of cards, and paths of the edges between them."""
