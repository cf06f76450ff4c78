"""
Which partition a key belongs to: Kafka's own choice, the Java client's murmur2.

The same key goes to the same partition whatever client publishes it; librdkafka
calls it `murmur2_random`.

Source:
    `org.apache.kafka.common.utils.Utils.murmur2` and `BuiltInPartitioner`.
"""

from functools import lru_cache

from aiokafka.partitioner import murmur2 as _unsigned_murmur2

#: Java's hash is signed; its sign bit is dropped to choose the partition.
_POSITIVE = 0x7FFFFFFF
_KEYS_REMEMBERED = 1 << 16


def murmur2(key: bytes) -> int:
    """Return the 32-bit hash of a key, signed as Java's."""
    unsigned: int = _unsigned_murmur2(key)
    return unsigned - (1 << 32) if unsigned > _POSITIVE else unsigned


# The hash is a few microseconds of plain Python, and keys come again.
@lru_cache(maxsize=_KEYS_REMEMBERED)
def partition_of(key: bytes, partitions: int) -> int:
    """Return the partition, from 0, that a key belongs to among so many."""
    hashed: int = _unsigned_murmur2(key)
    return (hashed & _POSITIVE) % partitions
