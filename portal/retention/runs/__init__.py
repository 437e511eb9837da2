"""The nightly run: who is due, how many may go without a person's word, and how far it came."""
