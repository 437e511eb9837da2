"""What a copy holds: rows by the registry, other people's names in them, and all of it in words."""
