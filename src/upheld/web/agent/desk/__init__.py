"""The pages on which a desk is administered."""
