"""Registers that are not filled in, or only in part."""
