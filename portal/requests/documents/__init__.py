"""Showing who one is by a masked document, where a sign-in, the counter and a known mail leave real doubt."""
