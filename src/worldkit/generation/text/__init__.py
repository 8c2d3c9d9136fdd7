"""English text: its grammar as far as composed sentences need it, word lists, and what generated prose must be."""
