"""Counts: what is counted for each figure, from what is stored. Each takes the policy and the subject of its figure."""
