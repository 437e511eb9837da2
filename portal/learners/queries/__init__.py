"""Reads about learners; each file holds the reads for one thing."""
