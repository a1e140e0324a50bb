"""Modules of callbacks that stand for Kerases of several versions in the tests of the matrix."""
