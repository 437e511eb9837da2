"""Telling learners by mail that a lesson of theirs was moved, cancelled or put back; who changes one sets it off."""
