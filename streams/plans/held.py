"""What a component looks at: each of its measures, and what that is held against."""

from typing import NamedTuple

from accolade.streams.plans.findings import Path
from accolade.streams.plans.targets import Target


class Held(NamedTuple):
    """A measure that a component is paid by, and its target."""

    #: Of the mapping that names them, inside the component.
    path: Path
    measure: str
    target: Target | None
