"""
The Faust store of a stage's table: the seam through which its tasks change hands.

Registered under the entry point group `faust.stores` as `tasks`; a table with
the store `tasks://<stage>` is this stage's state. Faust's own recovery is left
nothing to do: it can't read a transactional changelog.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from faust.stores import base
from faust.types import TP, EventT

from accolade.streams.engine.faust_log import FAUST_LOG
from accolade.streams.engine.runner import Runner


class TaskStore(base.Store):  # type: ignore[misc] # Faust is untyped
    """A table's store: reads the rows of this worker's tasks as `(table, owner, key)`."""

    logger = FAUST_LOG

    @property
    def runner(self) -> Runner[Any]:
        """The runner of the stage that the store's URL names."""
        runner: Runner[Any] = self.app.runners[self.url.host]
        return runner

    def persisted_offset(self, tp: TP) -> int:
        """Tell Faust that everything up to the last stable offset is here."""
        return self.runner.stable.get(tp.partition, 0) - 1

    async def on_rebalance(
        self,
        assigned: set[TP],
        revoked: set[TP],
        newly_assigned: set[TP],
        generation_id: int = 0,
    ) -> None:
        """Wait for work under way, drop what left, fence and restore what came."""
        await self.app.take_assignment(generation_id)

    async def on_recovery_completed(self, active_tps: set[TP], standby_tps: set[TP]) -> None:
        """Process from now on."""
        self.runner.open()

    def apply_changelog_batch(
        self,
        batch: Iterable[EventT],
        to_key: Callable[[Any], Any],
        to_value: Callable[[Any], Any],
    ) -> None:
        """Do nothing: the tasks restore themselves."""

    def __getitem__(self, key: tuple[str, str, str]) -> Any:
        """Return a row of a task of this worker."""
        for task in self.runner.tasks.values():
            row = task.rows.get(*key)
            if row is not None:
                return row
        raise KeyError(key)

    def __setitem__(self, key: Any, value: Any) -> None:
        """Refuse: rows are written by the stage's step, in its transaction."""
        raise TypeError("rows are written by the stage's step alone")

    def __delitem__(self, key: Any) -> None:
        """Refuse, as writing."""
        raise TypeError("rows are written by the stage's step alone")

    def __iter__(self) -> Iterator[tuple[str, str, str]]:
        """Iterate over the keys of this worker's rows."""
        for task in self.runner.tasks.values():
            yield from task.rows.keys()

    def __len__(self) -> int:
        """Return the number of this worker's rows."""
        return sum(sum(task.rows.sizes.values()) for task in self.runner.tasks.values())

    def clear(self) -> None:
        """Refuse, as writing."""
        raise TypeError("rows are written by the stage's step alone")

    def reset_state(self) -> None:
        """Do nothing: the changelog is the state, and memory ends with the process."""

    async def backup_partition(
        self,
        tp: TP | int,
        flush: bool = True,
        purge: bool = False,
        keep: int = 1,
    ) -> None:
        """Do nothing: the changelog is the backup."""

    def restore_backup(self, tp: TP | int, latest: bool = True, backup_id: int = 0) -> None:
        """Do nothing: the changelog is the backup."""
