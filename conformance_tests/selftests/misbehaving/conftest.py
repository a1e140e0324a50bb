"""What pytest must not import."""

collect_ignore = ["ends.py"]
"""It would end pytest."""
