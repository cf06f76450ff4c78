"""What flows and what it means: topics, codecs, the publisher, plans and the pure rules."""
