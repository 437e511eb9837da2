"""Inviting learners to sign in."""
