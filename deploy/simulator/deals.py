"""What executives sell: deals through their stages, who shares in them, and in what currency."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

import msgspec

from accolade.deploy.simulator.calendar import DAY_US, at, closing_day, workdays, working_moment
from accolade.deploy.simulator.dice import Dice
from accolade.deploy.simulator.organisation import ENGINEER, EXECUTIVE, SDR, Organisation, Rep
from accolade.deploy.simulator.world import Frame
from accolade.streams.records import Deal, TeamMember

#: What an executive of ordinary skill sells in a quarter, minor units of US dollars.
_TARGET_MINOR = 5_000_000
_NEW, _OLD_KINDS = "new", ("renewal", "upsell", "cross_sell")
_SEGMENTS, _SEGMENT_WEIGHTS = ("enterprise", "mid_market", "small_business"), (2, 4, 4)
_PRODUCTS = ("Platform", "Analytics", "Support", "Training")
_CAMPAIGNS = ("webinar", "referral", "outbound")
#: How each team did in the period before, per mille of what it does now.
_BEFORE = (700, 1050, 780, 1200)
#: Amounts are whole cents of US dollars; per mille of that in other currencies, about.
_ABROAD = {"EUR": 920, "GBP": 790, "JPY": 150_000}


@dataclass(frozen=True)
class _Plot:
    """A deal before it is cut into revisions."""

    deal_id: str
    account_id: str
    team: tuple[TeamMember, ...]
    kind: str
    closes_at: int
    amount: Decimal
    currency: str


def deals(frame: Frame, organisation: Organisation) -> Iterator[list[Deal]]:
    """Yield each deal of the quarter and of the period before: its revisions in order."""
    for index, rep in enumerate(organisation.of_role(EXECUTIVE)):
        if rep.joined <= frame.before:
            yield from _earlier(frame, organisation, rep)
        yield from _won(frame, organisation, rep)
        yield from _not_won(frame, organisation, rep)
        if index == 0:
            yield _last_minute(frame, organisation, rep)


def _earlier(frame: Frame, organisation: Organisation, rep: Rep) -> Iterator[list[Deal]]:
    """Yield the deals won in the period before: one revision each, as imported."""
    dice = frame.dice("before", rep.person_id)
    team = int(rep.team_id.removeprefix("team-")) - 1
    goal = _TARGET_MINOR * rep.skill // 1000 * _BEFORE[team % len(_BEFORE)] // 1000
    count = dice.between(3, 7)
    days = workdays(frame.before, frame.start)
    for number, minor in enumerate(_parts(dice, goal, count)):
        plot = _plot(dice, organisation, rep, f"deal-{rep.person_id}-p{number + 1:02}", minor)
        won_at = working_moment(dice, closing_day(dice, days))
        account = f"account-{rep.person_id}-p{number + 1:02}"
        yield [_deal(replace(plot, account_id=account, kind=_NEW, closes_at=won_at), 1, "won")]


def _won(frame: Frame, organisation: Organisation, rep: Rep) -> Iterator[list[Deal]]:
    """Yield the deals won in the quarter, some of them lost or corrected afterwards."""
    dice = frame.dice("won", rep.person_id)
    days = workdays(max(frame.start, rep.joined), min(frame.end, rep.left))
    goal = _TARGET_MINOR * rep.skill // 1000 * len(days) // len(workdays(frame.start, frame.end))
    count = dice.between(11, 18) if rep.skill >= 1000 else dice.between(5, 10)
    for number, minor in enumerate(_parts(dice, goal, count * frame.weeks // 13 + 1)):
        plot = _plot(dice, organisation, rep, f"deal-{rep.person_id}-{number + 1:02}", minor)
        plot = replace(plot, closes_at=working_moment(dice, closing_day(dice, days)))
        yield _history(dice, plot)


def _not_won(frame: Frame, organisation: Organisation, rep: Rep) -> Iterator[list[Deal]]:
    """Yield the deals that were lost, or are open still when the quarter ends."""
    dice = frame.dice("lost", rep.person_id)
    days = workdays(max(frame.start, rep.joined), min(frame.end, rep.left))
    for number in range(dice.between(4, 12) * frame.weeks // 13 + 1):
        deal_id = f"deal-{rep.person_id}-n{number + 1:02}"
        plot = _plot(dice, organisation, rep, deal_id, dice.between(80_000, 1_200_000))
        plot = replace(plot, closes_at=working_moment(dice, dice.pick(days)))
        opened = _opened(dice, plot)
        if dice.happens(300):
            yield [opened]
            continue
        yield [opened, _deal(plot, 2, "lost")]


def _last_minute(frame: Frame, organisation: Organisation, rep: Rep) -> list[Deal]:
    """Return a deal won in the last minute of the quarter."""
    dice = frame.dice("last", rep.person_id)
    plot = _plot(dice, organisation, rep, f"deal-{rep.person_id}-last", 240_000)
    closes_at = at(frame.end - timedelta(days=1), 23, 59)
    return [_deal(replace(plot, closes_at=closes_at, currency="USD"), 1, "won")]


def _parts(dice: Dice, goal: int, count: int) -> list[int]:
    """Return a goal in minor units cut into so many deals of uneven size."""
    weights = [dice.between(40, 160) for _ in range(count)]
    return [goal * weight // sum(weights) for weight in weights]


def _plot(dice: Dice, organisation: Organisation, rep: Rep, deal_id: str, minor: int) -> _Plot:
    # Most win new accounts; every fifth deal is with one that was won before.
    is_new = not dice.happens(200)
    account = f"account-{deal_id}" if is_new else f"account-{rep.person_id}-p01"
    amount, currency = _money(dice, rep, minor)
    return _Plot(
        deal_id=deal_id,
        account_id=account,
        team=_team(dice, organisation, rep),
        kind=_NEW if is_new else dice.pick(_OLD_KINDS),
        closes_at=0,
        amount=amount,
        currency=currency,
    )


def _money(dice: Dice, rep: Rep, minor: int) -> tuple[Decimal, str]:
    """Return a deal's amount: in every other region a third is sold in euros, some abroad."""
    team = int(rep.team_id.removeprefix("team-")) - 1
    currency = "USD"
    if team // 2 % 2 == 1 and dice.happens(330):
        currency = "EUR"
    elif dice.happens(40):
        currency = dice.pick(("GBP", "JPY"))
    if currency == "USD":
        return Decimal(minor).scaleb(-2), currency
    abroad = minor * _ABROAD[currency] // 1000
    digits = 0 if currency == "JPY" else 2
    # Amounts abroad are quoted in whole hundreds.
    return Decimal(abroad // 100 * 100).scaleb(-2).quantize(Decimal(1).scaleb(-digits)), currency


def _team(dice: Dice, organisation: Organisation, rep: Rep) -> tuple[TeamMember, ...]:
    """Return who worked on a deal: the executive, most often an SDR, sometimes an engineer."""
    members = [(rep, EXECUTIVE)]
    if dice.happens(700):
        members.append((_colleague(dice, organisation, rep, SDR), SDR))
    if dice.happens(450):
        members.append((_colleague(dice, organisation, rep, ENGINEER), ENGINEER))
    shares = {1: (10_000,), 2: (8_000, 2_000), 3: (7_000, 1_000, 2_000)}[len(members)]
    return tuple(
        TeamMember(rep_id=member.person_id, role=role, share_bp=share)
        for (member, role), share in zip(members, shares, strict=True)
    )


def _colleague(dice: Dice, organisation: Organisation, rep: Rep, role: str) -> Rep:
    """Return someone of a role: mostly of the same team; the rep where there is nobody."""
    there = organisation.of_role(role)
    team = [other for other in there if other.team_id == rep.team_id]
    return dice.pick((team if dice.happens(900) else there) or there or [rep])


def _history(dice: Dice, plot: _Plot) -> list[Deal]:
    """Return a won deal's revisions: opened, perhaps corrected, won, perhaps corrected again."""
    revisions = [_opened(dice, plot)]
    if dice.happens(250):
        guess = plot.amount * dice.between(70, 130) / 100
        guess = guess.quantize(plot.amount)
        revisions.append(
            msgspec.structs.replace(revisions[0], revision=2, amount=guess, team=plot.team)
        )
    revisions.append(_deal(plot, len(revisions) + 1, "won"))
    if dice.happens(60):
        less = (plot.amount * 95 / 100).quantize(plot.amount)
        revisions.append(_deal(replace(plot, amount=less), len(revisions) + 1, "won"))
    if dice.happens(15):
        revisions.append(_deal(plot, len(revisions) + 1, "lost"))
    return revisions


def _opened(dice: Dice, plot: _Plot) -> Deal:
    """Return the first revision: open, weeks before; at times with nobody's name on it."""
    opened_at = plot.closes_at - dice.between(8, 45) * DAY_US
    team = () if dice.happens(150) else plot.team
    opened = _deal(replace(plot, closes_at=opened_at), 1, "open")
    return msgspec.structs.replace(opened, team=team)


def _deal(plot: _Plot, revision: int, stage: str) -> Deal:
    # A deal keeps its segment, product and campaign through its revisions.
    dice = Dice(0, "dimensions", plot.deal_id)
    return Deal(
        deal_id=plot.deal_id,
        revision=revision,
        occurred_at=plot.closes_at,
        stage=stage,
        amount=plot.amount,
        currency=plot.currency,
        account_id=plot.account_id,
        team=plot.team,
        kind=plot.kind,
        segment=dice.weighted(_SEGMENTS, _SEGMENT_WEIGHTS),
        product=dice.pick(_PRODUCTS),
        logged_at=plot.closes_at + dice.below(DAY_US),
        dimensions={"campaign": dice.pick(_CAMPAIGNS)},
        source="simulator",
    )


def after_leaving(rep: Rep) -> Deal:
    """Return a deal dated a week after its only rep left: nobody can be credited."""
    return Deal(
        deal_id=f"deal-{rep.person_id}-gone",
        revision=1,
        occurred_at=at(rep.left + timedelta(weeks=1), 11),
        stage="won",
        amount=Decimal("4200.00"),
        currency="USD",
        account_id=f"account-{rep.person_id}-gone",
        team=(TeamMember(rep_id=rep.person_id, role=EXECUTIVE, share_bp=10_000),),
        kind=_NEW,
        source="simulator",
    )
