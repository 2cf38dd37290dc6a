"""What the drill may find."""


class Wrong(Exception):  # noqa: N818 - a finding, not an error of the drill's
    """Something that must never happen did."""
