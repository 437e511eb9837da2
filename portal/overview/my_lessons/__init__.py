"""A learner's lessons and attendance."""
