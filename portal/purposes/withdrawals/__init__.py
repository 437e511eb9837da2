"""Withdrawals: what stops at once, and what the worker does afterwards."""
