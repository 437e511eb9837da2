"""Objections to uses that rest on an interest of the school: those stop at once, and unless it proves more for good."""
