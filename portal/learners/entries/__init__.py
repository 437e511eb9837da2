"""Entries under a learner: trajectories, intakes, appointments and so on, each kind declared once."""
