"""Which learners somebody reaches (LB-06)."""
