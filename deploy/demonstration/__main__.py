"""`python -m accolade.deploy.demonstration`: what `deploy/demo` runs in its environment."""

import sys

if __name__ == "__main__":
    try:
        # A second's work, in which someone may think better of it.
        from accolade.deploy.demonstration.command import app
    except KeyboardInterrupt:
        sys.exit(130)
    app(prog_name="deploy/demo")
