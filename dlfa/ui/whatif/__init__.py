"""The page What if: another gate, and what the heads then answer."""
