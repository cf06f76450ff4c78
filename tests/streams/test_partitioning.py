"""A key goes where Java, Faust and librdkafka's murmur2_random send it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accolade.streams.partitioning import murmur2, partition_of


@pytest.mark.parametrize(
    ("key", "hashed"),
    [
        (b"21", -973932308),
        (b"foobar", -790332482),
        (b"a-little-bit-long-string", -985981536),
        (b"a-little-bit-longer-string", -1486304829),
        (b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971),
        (b"abc", 479470107),
    ],
)
def test_the_hash_is_that_of_kafka(key: bytes, hashed: int) -> None:
    """The vectors of Kafka's own UtilsTest."""
    assert murmur2(key) == hashed


def test_the_sign_bit_is_dropped_not_negated() -> None:
    """Java masks it: -973932308 & 0x7fffffff is 1173551340."""
    assert partition_of(b"21", 1_000) == 340


@given(st.binary(), st.integers(1, 1_000))
def test_every_key_has_one_of_the_partitions(key: bytes, partitions: int) -> None:
    """Whatever the key holds."""
    assert 0 <= partition_of(key, partitions) < partitions


@given(st.binary())
def test_the_hash_is_a_signed_32_bit_number(key: bytes) -> None:
    """As Java's int."""
    assert -(2**31) <= murmur2(key) < 2**31
