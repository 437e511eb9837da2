"""What a person may submit about accounts; each file holds the forms of one thing a person does."""
