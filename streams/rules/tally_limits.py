"""
Figures that are larger than can be kept exactly outside: listed, and neither ranked nor paid.

Each amount that comes in is bounded, but not their sum. Inside, whole numbers have no
limit, so such a figure counts again by itself once what made it so large is put right.
"""

from accolade.streams.bounds import LARGEST
from accolade.streams.catalogue import PARKED
from accolade.streams.records import Parked
from accolade.streams.rules.periods import Period
from accolade.streams.rules.state import Output, Row, Table, View


class Beyond(Row, frozen=True, array_like=True):
    """Says only that a figure is too large."""


#: What a component earns is called so, before plan, component and period.
AWARDS_OF = "awards/"

#: By (participant, what the figure is called).
BEYOND = Table("beyond", Beyond)


def is_beyond(figure: int) -> bool:
    """Tell whether a figure, minor units or a count, is larger than is ranked or paid."""
    return abs(figure) > LARGEST


class LimitBook:
    """Lists figures that are too large, and takes them off the list."""

    def __init__(self, view: View) -> None:
        """Start with nothing to say."""
        self._view = view
        self.outputs: list[Output] = []

    def note(self, participant: str, name: str, beyond_in: Period | None) -> None:
        """
        Note whether a figure is too large.

        Args:
            participant: Whose figure.
            name: A tally's id; for what a component earns, `AWARDS_OF` and its key.
            beyond_in: The period that it is of, if it is too large now; else None.
        """
        if (beyond_in is not None) == (self._view.get(BEYOND, participant, name) is not None):
            return
        parked_id = f"tally/{name}|{participant}"
        if beyond_in is None:
            self._view.delete(BEYOND, participant, name)
            self.outputs.append(Output(PARKED, parked_id, None))
            return
        self._view.put(BEYOND, participant, name, Beyond())
        parked = Parked(
            parked_id=parked_id,
            stage="tally",
            reason="too_large",
            message=(
                f"{name} of {participant} is beyond {LARGEST:,}, which is more than can be "
                "ranked or paid exactly: look for an event or a plan with a wrong amount"
            ),
            occurred_at=beyond_in.start,
            waits_for=participant,
        )
        self.outputs.append(Output(PARKED, parked_id, parked))
