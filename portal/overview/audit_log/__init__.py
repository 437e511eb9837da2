"""The school's own log."""
