"""The runs behind pictures and tables; each module names its own in `RECORDINGS`."""
