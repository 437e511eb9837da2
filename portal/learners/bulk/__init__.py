"""Adding and changing many records in few statements, for an import."""
