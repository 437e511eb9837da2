"""What was done to a record."""
