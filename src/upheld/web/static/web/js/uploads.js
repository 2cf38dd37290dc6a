// Files that are pasted, dropped or chosen go up at once.
