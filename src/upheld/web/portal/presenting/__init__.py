"""From what the desk knows to what a customer reads: small values, every time put into words once."""
