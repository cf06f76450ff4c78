"""Plans with one thing wrong, and what has to be said of it."""

from typing import NamedTuple

from tests.streams.plans.plan_texts import COMPONENTS, MEASURES, findings, of, plan_text, pointed_at

BOARD = "b: {measure: sales, ties: pooled, show: 3}\n"
FLAT = "flat: {on: running_total, rate: 5%}"
SALES = "measure: sales, pays: "
UNITS = "population: {units: team}, "
DEAL = "of: deal, sum: amount, credit: whole"


class Case(NamedTuple):
    """A plan, and the one finding in it that is looked for."""

    text: str
    #: What stands where the finding points.
    at: str
    #: A part of the message that no other finding has.
    says: str
    #: What to write instead; None where it is of no interest.
    fix: str | None
    severity: str = "error"

    def check(self) -> None:
        """Assert that the finding is there, once; and no error beside warnings."""
        every = findings(self.text)
        found = [finding for finding in every if self.says in finding.message]
        assert len(found) == 1, every
        assert found[0].severity == self.severity
        assert pointed_at(self.text, found[0]).startswith(self.at)
        if self.fix is not None:
            assert found[0].fix == self.fix
        if self.severity == "warning":
            assert {finding.severity for finding in every} == {"warning"}


def measured(measure: str) -> str:
    """Return a plan with one more measure, `m`, and what pays by it."""
    return plan_text(
        f"{COMPONENTS}c: {{board: b, pays: {{ranks: [{{rank: 1, money: 5}}]}}}}\n",
        measures=f"{MEASURES}m: {{{measure}}}\n",
        boards="b: {measure: m, ties: pooled, show: 3}\n",
    )


def slabs(*rows: str, target: str = "", measure: str = "sales") -> str:
    """Return a plan with a component of slabs."""
    held = f"target: {target}, " if target else ""
    return of(f"measure: {measure}, {held}pays: {{slabs: [{', '.join(rows)}]}}")


def rates(form: str, *rows: str, on: str = "running_total", more: str = "") -> str:
    """Return a plan with a component of rates by tier."""
    return of(f"measure: sales, {more}pays: {{{form}: {{on: {on}, tiers: [{', '.join(rows)}]}}}}")


def ranks(*rows: str) -> str:
    """Return a plan with a contest."""
    return of(f"board: b, pays: {{ranks: [{', '.join(rows)}]}}", boards=BOARD)


def split(shares: str, *, population: str = "", measure: str = "sales") -> str:
    """Return a plan with a commission that is split."""
    rule = f"{{by_role: {{{shares}}}, unfilled: spread}}"
    flat = "{on: each_transaction, rate: 2%}"
    return of(f"{population}measure: {measure}, pays: {{flat: {flat}, split: {rule}}}")
