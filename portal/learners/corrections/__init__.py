"""Corrections that learners propose, and what the school decides (MN-17). Tables: correction."""
