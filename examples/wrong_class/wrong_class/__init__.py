"""A stopper of one's own, with a mistake."""
