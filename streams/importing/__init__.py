"""
Records from files: CSV or JSON lines, by way of a mapping.

For users: docs/publishing.md.
"""
