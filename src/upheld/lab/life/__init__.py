"""The people of a lab: who they are, what they will do and when, and the player that lets them do it."""
