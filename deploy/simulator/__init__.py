"""
A made-up sales organisation and its quarter, from a seed: for the demo and the tests.

Nothing in it is read from anywhere: names, accounts and amounts are invented.
"""

from accolade.deploy.simulator.outages import BadRecord, bad_records
from accolade.deploy.simulator.quarter import Quarter, simulate
from accolade.deploy.simulator.world import Event

__all__ = ["BadRecord", "Event", "Quarter", "bad_records", "simulate"]
