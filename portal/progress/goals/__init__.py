"""The goals that a learner sets herself. Tables: goal."""
