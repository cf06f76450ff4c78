"""One number that orders all revisions of an output, also after its topic was made anew."""

#: Offsets stay below 2**44; so a revision stays below 2**53 (a double's exact
#: integers, for Redis) for 512 epochs.
EPOCH_BITS = 44


def revision_at(epoch: int, offset: int) -> int:
    """Return the revision of an output caused by the record at `offset` in `epoch`."""
    return (epoch << EPOCH_BITS) + offset
