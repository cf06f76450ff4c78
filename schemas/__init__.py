"""Avro schemas, one `.avsc` file a record; data only."""
