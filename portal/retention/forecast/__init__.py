"""How many people come past a term, and when: what the school has to erase next month, and what it should have."""
