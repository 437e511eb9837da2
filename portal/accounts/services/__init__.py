"""What people do with accounts; each file holds one thing a person does."""
