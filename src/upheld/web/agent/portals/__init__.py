"""The portals of a desk, for those who administer it."""
