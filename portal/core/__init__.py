"""Machinery under every feature; it knows no feature and no word of a school."""
