"""
The one catalogue of topics: key, records, partitions, and how long they are kept.

Everything else refers to a topic by its name here.
"""

from dataclasses import dataclass, field
from enum import Enum

from accolade.streams import records
from accolade.streams.records import Record


class Partitions(Enum):
    """Which setting gives a topic's number of partitions; equal ones are co-partitioned."""

    CRM = "crm"
    FACTS = "facts"
    BOARDS = "boards"
    ONE = "one"


class Keep(Enum):
    """How long a topic's records are kept."""

    FOREVER = "forever"
    #: The last record of each key; a tombstone erases.
    COMPACTED = "compacted"
    WEEK = "week"


@dataclass(frozen=True)
class Topic:
    """A topic and what is in it."""

    name: str
    #: The fields of its key, joined by `|`.
    key: tuple[str, ...]
    records: tuple[type[Record], ...]
    partitions: Partitions
    keep: Keep
    #: The field whose murmur2 hash chooses the partition, where it isn't the whole key.
    partitioned_by: str | None = None
    #: Further broker settings.
    config: dict[str, str] = field(default_factory=dict)


_REFERENCE = (
    records.Person,
    records.Unit,
    records.Plan,
    records.ExchangeRate,
    records.Closing,
    records.GoalChoice,
    records.Adjustment,
)

DEALS = Topic("crm.deals", ("deal_id",), (records.Deal,), Partitions.CRM, Keep.FOREVER)
DEMOS = Topic("crm.demos", ("demo_id",), (records.Demo,), Partitions.CRM, Keep.FOREVER)
MEETINGS = Topic("crm.meetings", ("meeting_id",), (records.Meeting,), Partitions.CRM, Keep.FOREVER)
ACTIVITIES = Topic(
    "crm.activities", ("activity_id",), (records.Activity,), Partitions.CRM, Keep.FOREVER
)
PAYMENTS = Topic("billing.payments", ("deal_id",), (records.Payment,), Partitions.CRM, Keep.FOREVER)
MODULES = Topic(
    "learning.modules",
    ("completion_id",),
    (records.LearningModule,),
    Partitions.CRM,
    Keep.FOREVER,
)
CONTACTS = Topic("crm.contacts", ("person_id",), (records.Contact,), Partitions.CRM, Keep.COMPACTED)
#: Published to partition 0: one partition, one order.
REFERENCE = Topic("incentive.reference", ("kind", "id"), _REFERENCE, Partitions.ONE, Keep.FOREVER)
#: Reference data again, a copy in each partition of the CRM topics, for `credit`.
ANNOUNCEMENTS = Topic(
    "incentive.announcements", ("kind", "id"), _REFERENCE, Partitions.CRM, Keep.FOREVER
)
#: The one ordered log of a participant; kept for good, its partition count never changes.
FACTS = Topic(
    "incentive.facts",
    ("participant",),
    (records.Credit, records.Placing, *_REFERENCE),
    Partitions.FACTS,
    Keep.FOREVER,
)
#: A tally is said no more once its period is closed: compaction keeps what it was closed with.
TALLIES = Topic(
    "incentive.tallies",
    ("tally_id", "participant"),
    (records.Tally, records.Closed),
    Partitions.BOARDS,
    Keep.COMPACTED,
    partitioned_by="tally_id",
)
AWARDS = Topic("incentive.awards", ("award_id",), (records.Award,), Partitions.FACTS, Keep.FOREVER)
BADGES = Topic("incentive.badges", ("badge_id",), (records.Badge,), Partitions.FACTS, Keep.FOREVER)
LEADERBOARDS = Topic(
    "incentive.leaderboards", ("board",), (records.Leaderboard,), Partitions.BOARDS, Keep.WEEK
)
STANDINGS = Topic(
    "incentive.standings", ("board",), (records.Standing,), Partitions.BOARDS, Keep.COMPACTED
)
NUDGES = Topic("incentive.nudges", ("nudge_id",), (records.Nudge,), Partitions.FACTS, Keep.WEEK)
#: Larger than any record it has to hold, whose own limit is 1 MiB.
DEADLETTERS = Topic(
    "incentive.deadletters",
    ("dead_letter_id",),
    (records.DeadLetter,),
    Partitions.CRM,
    Keep.FOREVER,
    config={"max.message.bytes": str(4 * 1024 * 1024)},
)
#: What waits for reference data; a tombstone once it counts.
PARKED = Topic(
    "incentive.parked", ("parked_id",), (records.Parked,), Partitions.FACTS, Keep.COMPACTED
)

CATALOGUE: tuple[Topic, ...] = (
    DEALS,
    DEMOS,
    MEETINGS,
    ACTIVITIES,
    PAYMENTS,
    MODULES,
    CONTACTS,
    REFERENCE,
    ANNOUNCEMENTS,
    FACTS,
    TALLIES,
    AWARDS,
    BADGES,
    LEADERBOARDS,
    STANDINGS,
    NUDGES,
    DEADLETTERS,
    PARKED,
)


def changelog_name(app_id: str, stage: str) -> str:
    """Return the name of a stage's changelog topic."""
    return f"{app_id}-{stage}-changelog"


@dataclass(frozen=True)
class Changelog:
    """The topic that holds a stage's state: compacted, a partition for each task."""

    stage: str
    partitions: Partitions


CREDIT_CHANGELOG = Changelog("credit", Partitions.CRM)
TALLY_CHANGELOG = Changelog("tally", Partitions.FACTS)
RANK_CHANGELOG = Changelog("rank", Partitions.BOARDS)
ANNOUNCE_CHANGELOG = Changelog("announce", Partitions.ONE)

CHANGELOGS: tuple[Changelog, ...] = (
    CREDIT_CHANGELOG,
    TALLY_CHANGELOG,
    RANK_CHANGELOG,
    ANNOUNCE_CHANGELOG,
)
