"""Other forms of a world: layout, SVG, networkx, Mermaid."""
