"""Badges as they were said last, and what has to be said now."""

from collections.abc import Sequence

from accolade.streams.catalogue import BADGES
from accolade.streams.records import Badge
from accolade.streams.rules.awards import Group
from accolade.streams.rules.evaluate import BadgeReached
from accolade.streams.rules.state import Output, View
from accolade.streams.rules.tally_rows import BADGES_GRANTED, BadgeRow


class BadgeBook:
    """Says badges: keeps what was granted, and returns what to say."""

    def __init__(self, view: View, revision: int) -> None:
        """Take the state, and the revision of what will be said."""
        self._view = view
        self._revision = revision
        self.outputs: list[Output] = []

    def settle(self, group: Group, plan_version: int, due: Sequence[BadgeReached]) -> None:
        """
        Make what was granted be what is due, in the order of the levels.

        Args:
            group: Whose badges.
            plan_version: The version that they are due by.
            due: By rising level.
        """
        prefix = f"{group.key}/{group.earner}/"
        said = {
            key: row
            for key, row in self._view.rows(BADGES_GRANTED, group.earner)
            if key.startswith(prefix)
        }
        wanted = {
            f"{prefix}{one.badge}": BadgeRow(one.badge, one.level, one.reached_at, plan_version)
            for one in due
        }
        for key in sorted(said.keys() - wanted.keys(), key=lambda key: said[key].level):
            self._view.delete(BADGES_GRANTED, group.earner, key)
            self._put(group, key, said[key], granted=False)
        for key, row in wanted.items():
            if said.get(key) != row:
                self._view.put(BADGES_GRANTED, group.earner, key, row)
                self._put(group, key, row, granted=True)

    def _put(self, group: Group, badge_id: str, row: BadgeRow, *, granted: bool) -> None:
        badge = Badge(
            badge_id=badge_id,
            revision=self._revision,
            participant=group.earner,
            plan_id=group.plan_id,
            plan_version=row.plan_version,
            component=group.component,
            period=group.period,
            badge=row.badge,
            level=row.level,
            granted=granted,
            reached_at=row.reached_at,
        )
        self.outputs.append(Output(BADGES, badge_id, badge))
