"""Reads about courses; each file holds the reads for one thing."""
