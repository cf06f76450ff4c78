"""Accolade: real-time sales incentives on a log that anyone can replay."""
