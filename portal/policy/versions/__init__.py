"""Storing a version of the policy and letting the school work by it."""
