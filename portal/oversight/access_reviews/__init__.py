"""Each quarter management looks who can reach what, ends what isn't needed, and signs (OP-09, LL-17)."""
