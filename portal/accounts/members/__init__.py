"""Members: who works at the school, inviting, roles, ending."""
