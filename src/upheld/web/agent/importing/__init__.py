"""The page on which tables of customers are imported."""
