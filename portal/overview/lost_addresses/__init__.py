"""Who is without an e-mail address since a backup was put back, as the school finds her and invites her anew."""
