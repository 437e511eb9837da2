"""Requests and complaints of learners."""
