"""Putting a backup back: into an empty place, and open only once what ended since has been applied again (OP-07)."""
