"""What is done to courses, groups and lessons; each file holds one thing that somebody does."""
