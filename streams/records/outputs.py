"""What leaves the flow: tallies, awards, badges, boards, nudges, and what was refused."""

from accolade.streams.records.base import Record


class TallyBoard(Record, frozen=True):
    """A board that a tally is ranked on."""

    #: `<plan>/<board>/<period>`, or `<plan>/<board>/<period>/<unit>` for one board a unit.
    board: str
    #: Equal values share a rank, `pooled` (1, 2, 2, 4), `dense` (1, 2, 2, 3) or `modified`
    #: (1, 3, 3, 4); or who reached it first stands above, `first_to_reach` or `ordinal`.
    ties: str
    #: How many places a standing shows.
    show: int
    #: The lowest rank a contest rewards; 0 for none.
    rewarded: int = 0


class Tally(Record, frozen=True):
    """A participant's measure in a period, absolute."""

    #: `<plan>/<measure>/<period>`; for a board's or component's own population
    #: `<plan>/<measure>@<population>/<period>`, e.g. `sales@team`.
    tally_id: str
    participant: str
    #: Epoch and offset of the fact that changed it, see `accolade.streams.records.revision`.
    revision: int
    plan_id: str
    plan_version: int
    measure: str
    period: str
    #: Half-open bounds of the period, µs UTC.
    period_start: int
    period_end: int
    #: Minor units of `unit` where that is a currency, else a plain count.
    value: int
    #: An ISO 4217 code, or `count`.
    unit: str
    #: False once nothing is counted any more; then the participant leaves the boards.
    active: bool
    #: When `value` was first reached by the order of occurrence, µs UTC.
    reached_at: int
    #: The credit that reached it, to order equal times.
    reached_by: str
    boards: tuple[TallyBoard, ...] = ()


class Award(Record, frozen=True):
    """What a participant has earned by a component for a period; absolute."""

    #: `<plan>/<component>/<period>/<participant>`, `/<earner>` after it where another earned it,
    #: `/<kind>` for a further kind of reward. An adjustment's has `/adjusts/<period>` after it,
    #: and `/2` and so on, or the currency, for what else it is of.
    award_id: str
    revision: int
    #: Who receives it.
    participant: str
    #: Who earned it: the participant, or the unit it was earned by.
    earner: str
    plan_id: str
    plan_version: int
    plan_hash: str
    rules_version: str
    component: str
    period: str
    period_start: int
    period_end: int
    #: `money`, `points`, `gift_card`, `experience` or `training`.
    kind: str
    #: Minor units of `currency` (points: whole points). The money value for experiences.
    amount_minor: int
    currency: str
    #: What is awarded in words, e.g. `Weekend package`; empty for money.
    label: str
    #: `earned`, `withdrawn` (nothing is left of it) or `adjustment` (prior period).
    state: str
    #: The award that this one adjusts, for a prior-period adjustment.
    adjusts: str | None = None
    #: The source record that last changed it, `<source>:<source_id>`.
    cause: str = ""


class Badge(Record, frozen=True):
    """A badge granted to a participant, once."""

    #: `<plan>/<component>/<period>/<participant>/<badge>`.
    badge_id: str
    revision: int
    participant: str
    plan_id: str
    plan_version: int
    component: str
    period: str
    badge: str
    #: Its position among the component's badges, from 1.
    level: int
    #: False once revoked.
    granted: bool
    #: When it was reached by the order of occurrence, µs UTC.
    reached_at: int


class BoardPlace(Record, frozen=True):
    """One row of a board."""

    participant: str
    rank: int
    value: int


class Leaderboard(Record, frozen=True):
    """One participant's move on a board, and the new top of it."""

    board: str
    participant: str
    revision: int
    #: None: was not on the board.
    old_rank: int | None
    #: None: has left the board.
    new_rank: int | None
    value: int
    unit: str
    #: The first places, at most as many as the board shows.
    top: tuple[BoardPlace, ...]
    #: How many participants are on the board.
    size: int


class Standing(Record, frozen=True):
    """The latest state of a board's top; `final` once its period is closed."""

    board: str
    revision: int
    plan_id: str
    period: str
    unit: str
    top: tuple[BoardPlace, ...]
    size: int
    final: bool = False


class Nudge(Record, frozen=True):
    """A hint to a participant who is close to the next level."""

    nudge_id: str
    participant: str
    revision: int
    plan_id: str
    component: str
    period: str
    text: str


class DeadLetter(Record, frozen=True):
    """A record that was refused: as it came, where from, and why."""

    #: `<topic>/<partition>/<offset>`.
    dead_letter_id: str
    topic: str
    partition: int
    offset: int
    #: The refused record's Kafka timestamp, ms.
    timestamp_ms: int
    key: bytes | None
    value: bytes | None
    #: A word for metrics, e.g. `undecodable`, `unknown_schema`, `invalid`, `misplaced_key`.
    reason: str
    #: What is wrong, with the field and its value (shortened).
    message: str
    #: The stage that refused it.
    stage: str


class Parked(Record, frozen=True):
    """
    What waits; no longer listed once it counts.

    That is a transaction, credit or adjustment for reference data, or a figure to be put
    right.
    """

    #: `<stage>/<source>:<source_id>`, `<stage>/<credit_id>`,
    #: `tally/adjustment:<adjustment_id>|<participant>`, or `tally/<figure>|<participant>` for
    #: what is too large.
    parked_id: str
    stage: str
    #: A word for metrics: `unknown_person`, `unknown_unit`, `unknown_deal`, `missing_rate`,
    #: `unknown_plan`, `unknown_period`, or `too_large` for a figure that is larger than can be
    #: ranked or paid.
    reason: str
    message: str
    #: When the transaction occurred, or the period of a figure begins, µs UTC.
    occurred_at: int
    #: What it waits for: a person, unit, deal or plan id, or a currency pair; for a figure its
    #: participant.
    waits_for: str
