"""Tags, and fields of the desk's own."""
