"""Requests about somebody's own data: asked, checked, decided on and answered in time (AVG art. 12 and 15 to 22)."""
