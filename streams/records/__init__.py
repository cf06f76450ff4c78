"""
The records that flow, as typed values: one class per Avro schema.

A class `Deal` is the schema `deal.avsc` field by field. Times are microseconds
since 1970 UTC; amounts are `Decimal` major units at the edge (source and
reference records) and integer minor units inside (facts and outputs).
"""

from accolade.streams.records.base import Record
from accolade.streams.records.facts import Closed, Credit, Placing
from accolade.streams.records.outputs import (
    Award,
    Badge,
    BoardPlace,
    DeadLetter,
    Leaderboard,
    Nudge,
    Parked,
    Standing,
    Tally,
    TallyBoard,
)
from accolade.streams.records.reference import (
    Adjustment,
    Closing,
    Contact,
    ExchangeRate,
    GoalChoice,
    Person,
    Plan,
    Quota,
    Unit,
)
from accolade.streams.records.source import (
    Activity,
    Deal,
    Demo,
    LearningModule,
    Meeting,
    Payment,
    TeamMember,
)

__all__ = [
    "Activity",
    "Adjustment",
    "Award",
    "Badge",
    "BoardPlace",
    "Closed",
    "Closing",
    "Contact",
    "Credit",
    "DeadLetter",
    "Deal",
    "Demo",
    "ExchangeRate",
    "GoalChoice",
    "Leaderboard",
    "LearningModule",
    "Meeting",
    "Nudge",
    "Parked",
    "Payment",
    "Person",
    "Placing",
    "Plan",
    "Quota",
    "Record",
    "Standing",
    "Tally",
    "TallyBoard",
    "TeamMember",
    "Unit",
]
