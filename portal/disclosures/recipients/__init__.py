"""Recipients: their addresses, and what they are told after a withdrawal."""
