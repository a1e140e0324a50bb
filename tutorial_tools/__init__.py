"""Keep the notebooks of the four languages equal in all but their words."""
