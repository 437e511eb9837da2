"""Intakes with their result (LB-01). Tables: intake."""
