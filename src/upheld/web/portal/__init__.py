"""The customers' side: asking for help, following one request by its link, and all of one's own after signing in."""
