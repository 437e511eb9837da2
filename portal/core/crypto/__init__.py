"""Encryption: keys and their store, encrypted files."""
