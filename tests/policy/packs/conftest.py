"""The packs' tests tell their stories with the words of the other tests of policies."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
