"""Lessons that are given at the same time by one teacher, in one room, or to one learner."""
