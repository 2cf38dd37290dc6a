"""How promises were kept: the figures of a month, and the tickets behind each."""
