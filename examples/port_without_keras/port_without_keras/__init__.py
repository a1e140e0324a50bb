"""A training loop in plain Python, and callbacks for it."""
