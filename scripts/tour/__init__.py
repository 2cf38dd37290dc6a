"""What `scripts/screenshots.py` is made of: a house with its clock, a camera, five lives, and an agent's day."""
