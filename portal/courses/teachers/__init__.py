"""Who teaches a group, for how long."""
