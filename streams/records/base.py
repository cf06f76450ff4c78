"""What every record has in common."""

import msgspec


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """A value that flows; equal when all its fields are."""
