"""What agents do about how a request came in: missing information, several problems in one, out of scope."""
