"""Classes that do to the suite what a stranger's class may do."""
