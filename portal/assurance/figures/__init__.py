"""Figures: which of them show which promise, what was counted last, and the page."""
