"""The coach's list: her learners, and those of whom she stands in for."""
