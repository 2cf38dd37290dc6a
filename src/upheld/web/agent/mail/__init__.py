"""The pages of mail, for leads and administrators: what came in and waits for a person, and what did not arrive."""
