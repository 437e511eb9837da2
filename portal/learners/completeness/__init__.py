"""What a record must have and lacks, listed for who can fill it in (LB-08)."""
