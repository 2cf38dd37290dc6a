"""The drill: faults against the real program, and afterwards the question whether anything was lost or done twice.

`python -m drill` (docs/drill.md). The tests import from here what both need.
"""
