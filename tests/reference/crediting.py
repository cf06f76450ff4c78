"""Who is credited with what: one credit a rep, and one a unit above any of them."""

from dataclasses import dataclass, replace
from decimal import Decimal

from accolade.streams.records import Deal, TeamMember
from tests.reference.history import History


@dataclass(frozen=True)
class Credit:
    """A transaction's whole, credited to one participant."""

    participant: str
    source: str
    source_id: str
    occurred_at: int
    deal_occurred_at: int
    deal_id: str | None = None
    amount: Decimal = Decimal(0)
    currency: str = ""
    quantity: int = 1
    status: str = ""
    kind: str = ""
    account: str | None = None
    segment: str = ""
    product: str = ""
    team: tuple[TeamMember, ...] = ()
    dimensions: tuple[tuple[str, str], ...] = ()

    @property
    def id(self) -> str:
        """Return the credit's id."""
        return f"{self.source}:{self.source_id}/{self.participant}"

    @property
    def order(self) -> tuple[int, str]:
        """Return its place in the order of occurrence."""
        return self.occurred_at, self.id


class Crediting:
    """All credits, and what is parked, by the whole history."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.credits: list[Credit] = []
        #: Reason by id.
        self.parked: dict[str, str] = {}
        deals = {deal.deal_id: self._deal(deal) for deal in history.deals}
        for credits in deals.values():
            self.credits += credits
        for payment in history.payments:
            if not payment.amount:
                continue
            source_id = f"{payment.deal_id}|{payment.payment_id}"
            of_deal = deals.get(payment.deal_id, [])
            if not of_deal:
                self.parked[f"credit/{payment.kind}:{source_id}"] = "unknown_deal"
            sign = 1 if payment.kind == "payment" else -1
            self.credits += [
                replace(
                    credit,
                    source=payment.kind,
                    source_id=source_id,
                    occurred_at=payment.occurred_at,
                    amount=sign * payment.amount,
                    currency=payment.currency,
                )
                for credit in of_deal
            ]
        self._work()

    def _deal(self, deal: Deal) -> list[Credit]:
        return self._spread(
            Credit(
                participant="",
                source="deal",
                source_id=deal.deal_id,
                occurred_at=deal.occurred_at,
                deal_occurred_at=deal.occurred_at,
                deal_id=deal.deal_id,
                amount=deal.amount,
                currency=deal.currency,
                status=deal.stage,
                kind=deal.kind or "",
                account=deal.account_id,
                segment=deal.segment or "",
                product=deal.product or "",
                team=deal.team,
                dimensions=tuple(sorted(deal.dimensions.items())),
            )
        )

    def _work(self) -> None:
        """Credit what isn't about money."""
        for demo in self.history.demos:
            self._one("demo", demo.demo_id, demo, status=demo.status, account=demo.account_id)
        for meeting in self.history.meetings:
            self._one(
                "meeting",
                meeting.meeting_id,
                meeting,
                status=meeting.status,
                account=meeting.account_id,
            )
        for activity in self.history.activities:
            self._one(
                "activity",
                activity.activity_id,
                activity,
                kind=activity.kind,
                quantity=activity.count,
            )
        for module in self.history.modules:
            self._one("learning", module.completion_id, module, status=module.status)

    def _one(self, source: str, source_id: str, record: object, **content: object) -> None:
        rep_id = record.rep_id  # type: ignore[attr-defined]
        occurred_at = record.occurred_at  # type: ignore[attr-defined]
        dimensions = getattr(record, "dimensions", {})
        if source == "learning":
            dimensions = {"module_id": record.module_id}  # type: ignore[attr-defined]
        person = self.history.person(rep_id, occurred_at)
        self.credits += self._spread(
            Credit(
                participant="",
                source=source,
                source_id=source_id,
                occurred_at=occurred_at,
                deal_occurred_at=occurred_at,
                deal_id=getattr(record, "deal_id", None),
                team=(TeamMember(rep_id=rep_id, role=person.role if person else ""),),
                dimensions=tuple(sorted(dimensions.items())),
                **content,  # type: ignore[arg-type]
            )
        )

    def _spread(self, whole: Credit) -> list[Credit]:
        """Return the whole once for each rep and once for each unit above any of them."""
        participants: set[str] = set()
        for member in whole.team:
            person = self.history.person(member.rep_id, whole.occurred_at)
            if person is None or not person.active:
                self.parked[f"credit/{whole.source}:{whole.source_id}"] = "unknown_person"
                return []
            participants.add(member.rep_id)
        for member in whole.team:
            person = self.history.person(member.rep_id, whole.occurred_at)
            chain = self.history.chain(person.team_id if person else None, whole.occurred_at)
            if chain is None:
                self.parked[f"credit/{whole.source}:{whole.source_id}"] = "unknown_unit"
                return []
            participants.update(f"unit:{unit_id}" for unit_id in chain)
        return [replace(whole, participant=participant) for participant in sorted(participants)]
