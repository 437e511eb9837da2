"""Copying groups with their weekly lessons and teachers to a next term."""
