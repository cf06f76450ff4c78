"""An award as the reference knows it."""

from dataclasses import dataclass

from tests.reference.calendar import Period


@dataclass(frozen=True)
class Award:
    """An award as it stands."""

    award_id: str
    participant: str
    plan_id: str
    component: str
    period: str
    kind: str
    amount_minor: int
    currency: str
    label: str
    #: The period, the kind it is of, and whether it is adjusted once it is closed.
    span: Period
    cut: str
    adjusted: bool = True
    state: str = "earned"
    adjusts: str | None = None
