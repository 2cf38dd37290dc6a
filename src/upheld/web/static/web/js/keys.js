// Keyboard shortcuts: one table of them, and the sheet that lists it.
