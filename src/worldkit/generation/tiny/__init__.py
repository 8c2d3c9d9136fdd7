"""What only the small offline model needs: its examples and its grammars."""
