"""
The script `accolade`.

Outside the package of the commands, so that Ctrl-C ends it quietly even while that is
imported.
"""

import sys

#: What a shell says of a program that Ctrl-C ended.
INTERRUPTED = 130


def main() -> None:
    """Run the command that the command line names."""
    try:
        from accolade.deploy.cli import app

        app(prog_name="accolade")
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
