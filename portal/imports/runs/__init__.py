"""Runs of an import: upload, storage, undo, expiry."""
