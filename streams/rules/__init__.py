"""
The pure core: what facts mean in credits, tallies, awards and ranks.

Nothing here knows Faust, Kafka, Redis, a clock or chance; time comes in as data.
The stream, the replay and the tests call the same functions.
"""

#: Named in every award; rises when a rule's result changes.
RULES_VERSION = "1"
