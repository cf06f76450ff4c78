"""What customers pay for won deals: in one go, in parts, not at all, and what goes back."""

from collections.abc import Iterator
from decimal import Decimal

from accolade.deploy.simulator.calendar import DAY_US, HOUR_US
from accolade.deploy.simulator.dice import Dice
from accolade.deploy.simulator.world import Frame
from accolade.streams.records import Deal, Payment

#: Per mille of won deals that are paid back, and of payments that bounce.
_REFUNDED, _BOUNCED = 70, 25
#: How long after the sale money goes back, days from and to.
_REFUND_DAYS = (3, 60)


def payments(frame: Frame, deal: Deal) -> Iterator[Payment]:
    """Yield what is paid, bounced and refunded for a won deal."""
    dice = frame.dice("paid", deal.deal_id)
    parts = dice.weighted((1, 2, 0), (70, 15, 15))
    paid = Decimal(0)
    for number in range(parts):
        left = deal.amount - paid
        amount = left if number == parts - 1 else (deal.amount / 2).quantize(deal.amount)
        paid += amount
        occurred_at = deal.occurred_at + dice.between(1, 30) * DAY_US
        yield _payment(deal, f"pay-{number + 1}", "payment", occurred_at, amount)
        if dice.happens(_BOUNCED):
            yield _payment(deal, f"bounce-{number + 1}", "bounce", occurred_at + DAY_US, amount)
    if dice.happens(_REFUNDED):
        yield refund(dice, deal)


def refund(dice: Dice, deal: Deal) -> Payment:
    """Return a refund of the whole deal or of a part."""
    part = dice.weighted((100, 50, 20), (2, 1, 3))
    amount = (deal.amount * part / 100).quantize(deal.amount)
    occurred_at = deal.occurred_at + dice.between(*_REFUND_DAYS) * DAY_US + dice.below(HOUR_US)
    return _payment(deal, "refund-1", "refund", occurred_at, amount)


def of_no_deal(frame: Frame) -> Payment:
    """Return a payment for a deal that the CRM never knew."""
    return Payment(
        payment_id="payment-astray",
        revision=1,
        occurred_at=frame.start_us + 20 * DAY_US,
        deal_id="deal-astray",
        kind="payment",
        amount=Decimal("980.00"),
        currency="USD",
        source="simulator",
    )


def _payment(deal: Deal, name: str, kind: str, occurred_at: int, amount: Decimal) -> Payment:
    return Payment(
        payment_id=f"{deal.deal_id}-{name}",
        revision=1,
        occurred_at=occurred_at,
        deal_id=deal.deal_id,
        kind=kind,
        amount=amount,
        currency=deal.currency,
        source="simulator",
    )
