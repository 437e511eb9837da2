"""Appointments with a learner. Tables: appointment."""
