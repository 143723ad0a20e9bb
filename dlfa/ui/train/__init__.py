"""The page Train: what to train, what it takes, how it goes, what was trained here."""
