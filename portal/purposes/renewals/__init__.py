"""Consents that a new version of the policy ends, until they are given again."""
