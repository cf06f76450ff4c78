"""Plans and closings as the flow takes them: what it refuses counts nowhere."""

from accolade.deploy.cli.problems import fail
from accolade.streams.catalogue import REFERENCE
from accolade.streams.codecs import Codec
from accolade.streams.log_reader import Entry, LogUnavailable, read_all
from accolade.streams.records import Closing, Plan
from accolade.streams.rules.closed_periods import close
from accolade.streams.rules.compiled import CompiledPlan
from accolade.streams.rules.door import check_reference
from accolade.streams.rules.memory import MemoryView
from accolade.streams.rules.state import Position, Rejected
from accolade.streams.rules.tally_plans import PlansCache, plan_of, put_plan
from accolade.streams.settings import Settings
from accolade.streams.validation import validate


class PlanLog:
    """What the log of reference data says of plans, up to a record."""

    def __init__(self) -> None:
        """Start before the first record."""
        #: The version of each plan that counts.
        self.plans: dict[str, Plan] = {}
        #: The closing of each closed period, by plan and period.
        self.closings: dict[tuple[str, str], Closing] = {}
        #: The highest version of each plan that is in the log, taken or refused.
        self._highest: dict[str, int] = {}
        self._view = MemoryView()
        self._cache = PlansCache()

    def put(self, record: Plan | Closing) -> None:
        """
        Take a record as the flow does.

        Raises:
            Rejected: The flow refuses it.
        """
        validate(record)
        if isinstance(record, Closing):
            plans = self._cache.plans(self._view, 0)
            if close(self._view, plans, record) is not None:
                self.closings[record.plan_id, record.period] = record
            return
        highest = max(record.version, self._highest.get(record.plan_id, 0))
        self._highest[record.plan_id] = highest
        if put_plan(self._view, record):
            self.plans[record.plan_id] = record

    def next_version(self, plan_id: str) -> int:
        """Return the version that a plan is published as next."""
        return self._highest.get(plan_id, 0) + 1

    def compiled(self, plan_id: str) -> CompiledPlan:
        """
        Return a plan as it counts.

        Raises:
            KeyError: There is none of that id.
        """
        return plan_of(self._view, self.plans[plan_id].content_hash)


def read_plan_log(settings: Settings, codec: Codec) -> PlanLog:
    """Return what is published of plans; ends the command if it can't be read."""
    log = PlanLog()
    try:
        for entry in read_all(settings, codec, REFERENCE):
            _take(log, entry)
    except LogUnavailable as error:
        fail(str(error))
    return log


def _take(log: PlanLog, entry: Entry) -> None:
    record = entry.record
    if not isinstance(record, Plan | Closing):
        return
    position = Position(REFERENCE.name, entry.partition, entry.offset)
    try:
        check_reference(record, (entry.key or b"").decode(errors="replace"), position)
        log.put(record)
    except Rejected:
        # It became a dead letter.
        return
