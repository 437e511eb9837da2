"""What a learner reads of her own register."""
