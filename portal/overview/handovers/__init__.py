"""Somebody who leaves hands over what she has: groups, lessons, learners, and whom she stands in for."""
