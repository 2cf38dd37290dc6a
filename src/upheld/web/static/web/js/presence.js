// Who else has this ticket open, and who is writing.
