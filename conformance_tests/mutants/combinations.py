"""Wrong combinations: one wrong member, or a list that gets the order wrong."""
