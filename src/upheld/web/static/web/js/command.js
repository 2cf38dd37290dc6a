// The command bar.
