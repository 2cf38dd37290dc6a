"""The command bar."""
