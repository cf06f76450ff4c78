"""What reps do: calls and emails, meetings, demos, and the modules they learn."""

from collections.abc import Iterator
from datetime import date, timedelta

import msgspec

from accolade.deploy.simulator.calendar import DAY_US, at, workdays, working_moment
from accolade.deploy.simulator.dice import Dice
from accolade.deploy.simulator.organisation import ENGINEER, EXECUTIVE, SDR, Organisation, Rep
from accolade.deploy.simulator.world import Frame
from accolade.streams.records import Activity, Demo, LearningModule, Meeting

#: Meetings a week that a rep sets up, from and to.
_MEETINGS = {SDR: (1, 5), EXECUTIVE: (0, 2), ENGINEER: (0, 1)}
#: Demos a week that an engineer gives, from and to.
_DEMOS = (1, 4)
_MODULES = ("discovery", "negotiation", "product-basics")
#: Calls that an SDR makes at a time of day, one record each, from and to.
_SINGLE_CALLS = (5, 12)
#: When a day's count is taken, local hour; days before the quarter count for its first week.
_COUNTED_AT, _DAYS_BEFORE = 18, 3


def activities(frame: Frame, rep: Rep) -> Iterator[list[Activity]]:
    """Yield each count of calls and emails: its revisions in order."""
    dice = frame.dice("activities", rep.person_id)
    for day in _days(frame, rep):
        if rep.role == SDR:
            yield from _single_calls(dice, rep, day)
        else:
            yield _counted(dice, rep, day, "call", dice.between(*rep.calls))
        yield _counted(dice, rep, day, "email", dice.between(3, 40))


def _days(frame: Frame, rep: Rep) -> list[date]:
    first = max(frame.start - timedelta(days=_DAYS_BEFORE), rep.joined)
    return workdays(first, min(frame.end, rep.left))


def _counted(dice: Dice, rep: Rep, day: date, kind: str, count: int) -> list[Activity]:
    """Return a day's count, now and then put right afterwards."""
    counted = Activity(
        activity_id=f"{kind}s-{rep.person_id}-{day.isoformat()}",
        revision=1,
        occurred_at=at(day, _COUNTED_AT),
        rep_id=rep.person_id,
        kind=kind,
        count=count,
        source="simulator",
    )
    if not dice.happens(40):
        return [counted]
    right = max(0, count + dice.between(-3, 4))
    return [counted, msgspec.structs.replace(counted, revision=2, count=right)]


def _single_calls(dice: Dice, rep: Rep, day: date) -> Iterator[list[Activity]]:
    for number in range(dice.between(*_SINGLE_CALLS)):
        yield [
            Activity(
                activity_id=f"call-{rep.person_id}-{day.isoformat()}-{number + 1:02}",
                revision=1,
                occurred_at=working_moment(dice, day),
                rep_id=rep.person_id,
                kind="call",
                source="simulator",
            )
        ]


def meetings(frame: Frame, rep: Rep) -> Iterator[list[Meeting]]:
    """Yield each meeting: scheduled, then held, missed or cancelled."""
    dice = frame.dice("meetings", rep.person_id)
    low, high = _MEETINGS[rep.role]
    for number, day in enumerate(_weekly(dice, frame, rep, low, high)):
        scheduled = Meeting(
            meeting_id=f"meeting-{rep.person_id}-{number + 1:03}",
            revision=1,
            occurred_at=working_moment(dice, day),
            rep_id=rep.person_id,
            status="scheduled",
            account_id=f"account-{rep.person_id}-m{number + 1:03}",
            source="simulator",
        )
        status = dice.weighted(("held", "no_show", "cancelled", ""), (75, 14, 8, 3))
        yield _happened(scheduled, status)


def _happened(scheduled: Meeting, status: str) -> list[Meeting]:
    if not status:
        return [scheduled]
    return [scheduled, msgspec.structs.replace(scheduled, revision=2, status=status)]


def demos(frame: Frame, organisation: Organisation, engineer: Rep) -> Iterator[list[Demo]]:
    """Yield each demo: scheduled, then held or not; one in three belongs to no deal."""
    dice = frame.dice("demos", engineer.person_id)
    executives = organisation.of_role(EXECUTIVE)
    for number, day in enumerate(_weekly(dice, frame, engineer, *_DEMOS)):
        deal_id = f"deal-{dice.pick(executives).person_id}-{dice.between(1, 5):02}"
        scheduled = Demo(
            demo_id=f"demo-{engineer.person_id}-{number + 1:03}",
            revision=1,
            occurred_at=working_moment(dice, day),
            rep_id=engineer.person_id,
            status="scheduled",
            deal_id=None if dice.happens(330) else deal_id,
            source="simulator",
        )
        status = dice.weighted(("held", "no_show", "cancelled"), (80, 10, 10))
        yield [scheduled, msgspec.structs.replace(scheduled, revision=2, status=status)]


def _weekly(dice: Dice, frame: Frame, rep: Rep, low: int, high: int) -> Iterator[date]:
    """Yield a workday for each of so many things a week."""
    for week in range(frame.weeks):
        monday = frame.start + timedelta(weeks=week)
        days = workdays(monday, monday + timedelta(weeks=1))
        for _ in range(dice.between(low, high)):
            day = dice.pick(days)
            if rep.joined <= day < rep.left:
                yield day


def modules(frame: Frame, rep: Rep) -> Iterator[list[LearningModule]]:
    """Yield the learning modules of a rep: started, most of them completed."""
    dice = frame.dice("modules", rep.person_id)
    days = workdays(max(frame.start, rep.joined), min(frame.end, rep.left))
    for module_id in _MODULES:
        started = LearningModule(
            completion_id=f"{module_id}-{rep.person_id}",
            revision=1,
            occurred_at=working_moment(dice, dice.pick(days)),
            rep_id=rep.person_id,
            module_id=module_id,
            status="started",
            source="simulator",
        )
        if dice.happens(200):
            yield [started]
            continue
        completed = msgspec.structs.replace(
            started,
            revision=2,
            occurred_at=started.occurred_at + dice.between(1, 9) * DAY_US,
            status=dice.weighted(("completed", "failed"), (9, 1)),
            score_bp=dice.between(4_000, 10_000),
        )
        yield [started, completed]
