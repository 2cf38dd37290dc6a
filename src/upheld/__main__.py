"""`python -m upheld` is the command `upheld`."""

from upheld.config.cli import main

main()
