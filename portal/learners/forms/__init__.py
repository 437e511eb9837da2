"""What staff may submit about records; each file holds the forms of one thing."""
