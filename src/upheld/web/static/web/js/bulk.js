// Choosing several rows, and what to do with them.
