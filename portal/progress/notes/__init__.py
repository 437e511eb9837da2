"""Notes and evaluations, sealed under the learner's key."""
