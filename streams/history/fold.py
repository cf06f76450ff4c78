"""
One set of plans over a history: tallies, awards and boards, as the running flow has them.

The steps are the flow's own. Each facts partition is a task with a state of its own;
boards are ranked by one task, since a place in the log means nothing to them but for a
closing, which every partition has to have passed.
"""

from collections import deque
from collections.abc import Collection, Iterable

from accolade.streams.catalogue import FACTS, TALLIES
from accolade.streams.history.outcome import Outcome
from accolade.streams.partitioning import partition_of
from accolade.streams.records import Closing, Placing, Plan, Record
from accolade.streams.rules.memory import MemoryView
from accolade.streams.rules.rank import rank
from accolade.streams.rules.state import Output, Partitioning, Position
from accolade.streams.rules.tally import make_tally


class Fold:
    """Folds facts under a set of plans."""

    def __init__(self, plans: Collection[Plan] | None = None, partitions: int = 1) -> None:
        """
        Begin with no facts.

        Args:
            plans: What pays, from the beginning and for good; None for the plans that
                the history itself has.
            partitions: How many partitions the facts have.
        """
        self.outcome = Outcome()
        self._own_plans = plans is not None
        self._plan_ids = {plan.plan_id for plan in plans or ()}
        self._partitions = partitions
        self._tally = make_tally(Partitioning(crm=1, facts=partitions, boards=1))
        self.views = [MemoryView() for _ in range(partitions)]
        self._boards = MemoryView()
        #: How many facts each task has taken, and the ranking task tallies.
        self._taken = [0] * partitions
        self._ranked = 0
        self._places: deque[Placing] = deque()
        for plan in plans or ():
            for partition in range(partitions):
                self._put(plan, partition)

    def put(self, fact: Record, partition: int = 0) -> None:
        """
        Take a fact as a task of the flow does.

        A final place is left out: the boards of this fold give their own. So is a plan
        of the history where others are in its stead, and the closing of such a plan.

        Raises:
            Rejected: The fact means nothing.
        """
        if isinstance(fact, Placing):
            return
        if self._own_plans and (
            isinstance(fact, Plan)
            or (isinstance(fact, Closing) and fact.plan_id not in self._plan_ids)
        ):
            return
        self._put(fact, partition)

    def finish(self) -> Outcome:
        """Give out the final places of all boards that are closed; return what has come of all."""
        while self._places:
            place = self._places.popleft()
            self._put(place, partition_of(place.participant.encode(), self._partitions))
        return self.outcome

    def _put(self, fact: Record, partition: int) -> None:
        position = Position(FACTS.name, partition, self._taken[partition])
        self._taken[partition] += 1
        self._take(self._tally(self.views[partition], fact, position))

    def _take(self, outputs: Iterable[Output]) -> None:
        for output in outputs:
            if output.topic is TALLIES and output.record is not None:
                position = Position(TALLIES.name, 0, self._ranked)
                self._ranked += 1
                self._take(rank(self._boards, output.record, position))
            elif isinstance(output.record, Placing):
                self._places.append(output.record)
            else:
                self.outcome.take(output)
