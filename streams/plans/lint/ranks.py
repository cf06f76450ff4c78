"""Contests: ranks follow each other from 1, and the board shows them."""

from collections.abc import Iterator
from itertools import pairwise

from accolade.streams.plans.findings import Issue, Path, error, warning
from accolade.streams.plans.model import Board, PlanFile, RankRange, RankReward


def check_ranks(plan: PlanFile) -> Iterator[Issue]:
    """Find ranks that overlap or leave a gap."""
    for name, component in plan.components.items():
        if component.pays.ranks is not None:
            yield from _check_order(component.pays.ranks, ("components", name, "pays", "ranks"))


def check_shown(plan: PlanFile) -> Iterator[Issue]:
    """Find ranks beyond what the board shows."""
    for name, component in plan.components.items():
        if component.pays.ranks is not None and component.board is not None:
            path = ("components", name, "pays", "ranks")
            yield from _check_shown(component.pays.ranks, plan.boards[component.board], path)


def _check_order(rewards: tuple[RankReward, ...], path: Path) -> Iterator[Issue]:
    if rewards[0].rank.first != 1:
        says = f"leaves a gap: nothing is for the ranks above {rewards[0].rank.first}"
        yield error((*path, 0, "rank"), says, "rank: 1")
    for index, (before, reward) in enumerate(pairwise(rewards), start=1):
        upper, rank = before.rank, reward.rank
        at, fix = (*path, index, "rank"), f"rank: {_following(upper, rank)}"
        if rank.first <= upper.last:
            yield error(at, f"overlaps {upper}: each rank is rewarded once, in order", fix)
        elif rank.first > upper.last + 1:
            yield error(at, f"leaves a gap after {upper}", fix)


def _following(upper: RankRange, rank: RankRange) -> RankRange:
    first = upper.last + 1
    return RankRange(first, max(first, rank.last))


def _check_shown(rewards: tuple[RankReward, ...], board: Board, path: Path) -> Iterator[Issue]:
    for index, reward in enumerate(rewards):
        if reward.rank.last > board.show:
            says = f"is beyond the {board.show} places that the board shows"
            yield warning((*path, index, "rank"), says, f"show: {reward.rank.last}")
