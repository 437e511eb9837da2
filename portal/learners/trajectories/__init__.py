"""Trajectories: act, route, client, funding, agreement. Tables: trajectory."""
