"""`python -m accolade.deploy.cli`: the `accolade` command without its script."""

from accolade.deploy.cli import app

app(prog_name="accolade")
