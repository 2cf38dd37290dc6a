"""Many tickets at once: stories made in memory, put through the policy, and copied into PostgreSQL.

Every row is the one that the real actions would have written; a test plays the same lives both ways.
"""

from upheld.lab.generator.lives import Deed, Life, lives
from upheld.lab.generator.seed import seed, write

__all__ = ["Deed", "Life", "lives", "seed", "write"]
