"""`python -m accolade.deploy.cli`: the `accolade` command without its script."""

from accolade.deploy.command_line import main

main()
