"""A school that leaves: its data handed over in open forms, then destroyed, with a certificate (AVG art. 28(3)(g))."""
