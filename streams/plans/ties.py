"""How a board ranks who is equal."""

from typing import Literal

Ties = Literal["pooled", "first_to_reach", "dense", "modified", "ordinal"]

#: Those by which nobody shares a rank: who reached the value first stands above.
BY_TIME: tuple[Ties, ...] = ("first_to_reach", "ordinal")
