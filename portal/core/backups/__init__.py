"""Backups of the hosting: database and files under a key that ends with their term, and apart from them the keys."""
