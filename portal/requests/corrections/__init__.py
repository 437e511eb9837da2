"""Correcting a learner's record on a request that asks for it, also what stands still meanwhile (art. 16)."""
