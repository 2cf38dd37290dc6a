"""From what the desk knows to what a page shows: small values, with every time put into words once, in Python."""
