"""Hosts play a scenario to callbacks: `stub` with a model that only counts, `fit` with a real Keras model."""
