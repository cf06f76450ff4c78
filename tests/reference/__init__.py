"""
The slow, obvious reference: everything computed anew from the whole list of records.

It shares no code with the rules; only the record classes and the plan model.
"""

from tests.reference.award import Award
from tests.reference.boards import Place
from tests.reference.results import Results, results

__all__ = ["Award", "Place", "Results", "results"]
