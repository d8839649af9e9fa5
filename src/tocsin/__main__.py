"""`python -m tocsin` is the same command as `tocsin`."""

from tocsin.cli import main

main()
