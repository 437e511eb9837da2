"""Reads of attendance; each file holds the reads for one thing."""
