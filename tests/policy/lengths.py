"""How many made-up cases a test tries: some in a normal run, very many when LONG_TESTS=1 is set."""

import os

from hypothesis import HealthCheck, settings

LONG = os.environ.get("LONG_TESTS", "") not in ("", "0")


def tries(normal, long=10_000):
    """Return settings for a test that tries `normal` cases, or `long` ones in a long run."""
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
    return settings(max_examples=long if LONG else normal, deadline=None, suppress_health_check=slow)
