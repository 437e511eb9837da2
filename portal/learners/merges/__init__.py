"""Making one record of two that are of the same person."""
