"""
Every metric of the sinks, with its meaning; served by `prometheus_client`.

The label `sink` is what is fed: `boards` or `payouts`.
"""

from prometheus_client import Counter, Gauge, Histogram

RECORDS = Counter(
    "accolade_sink_records",
    "Records that a sink has read and stored, its position with them.",
    ["sink", "topic"],
)
REFUSED = Counter(
    "accolade_sink_refused_records",
    "Records that a sink couldn't read or use; kept with their reason in its store.",
    ["sink", "reason"],
)
LAG = Gauge(
    "accolade_sink_lag_records",
    "How far a partition's position is behind the end of its log.",
    ["sink", "topic", "partition"],
)
BATCH_SECONDS = Histogram(
    "accolade_sink_batch_seconds",
    "How long the outside system took for a batch.",
    ["sink"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
)
RETRIES = Counter(
    "accolade_sink_retries",
    "Attempts that failed because the outside system couldn't be reached, and were repeated.",
    ["sink"],
)
RESUMES = Counter(
    "accolade_sink_resumes",
    "Times that a partition was read from another place than expected: at a start, after the "
    "store was emptied or put back, or because another instance writes to it.",
    ["sink", "topic"],
)
