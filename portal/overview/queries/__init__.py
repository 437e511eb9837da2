"""Reads that put several features on one page."""
