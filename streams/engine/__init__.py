"""
Exactly-once batches under Faust; nothing here knows of sales.

A stage is a pure step over records. Its writes to its changelog, its outputs
and its source positions are one Kafka transaction; only after the commit does
the local state take the writes.
"""
