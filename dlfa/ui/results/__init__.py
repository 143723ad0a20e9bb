"""The page Results: the paper's tables, published and measured, each number with its record."""
