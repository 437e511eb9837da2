"""Who is without an e-mail address since a backup was put back: it knew the one before, which had ended (OP-07)."""
