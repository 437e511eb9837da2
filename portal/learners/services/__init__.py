"""Changes to records; each file holds what is done to one thing."""
