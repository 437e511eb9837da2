"""Identity documents with their sensitive parts blacked out: measured, attested by who hands them in, seen once."""
