"""Performer: a live instrument for group dreams. See performer/README.md for how it is built."""

__version__ = "0.1.0"
