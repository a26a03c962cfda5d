"""Tests of who dreams."""
