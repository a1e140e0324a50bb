"""A stopper of one's own."""
