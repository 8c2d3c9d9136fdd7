"""What only the small offline model needs: its adapter, its corpus, word lists and grammars."""
