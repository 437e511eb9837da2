"""The public form by which anybody asks the school something, where the school switched it on (LL-08)."""
