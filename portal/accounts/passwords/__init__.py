"""Passwords: hashing, the rules for a new one, and resets."""
