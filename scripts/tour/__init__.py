"""What `scripts/screenshots.py` is made of: a house with its clock, a camera, and five lives to look at."""
