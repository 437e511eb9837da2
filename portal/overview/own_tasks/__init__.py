"""What a learner has to do or know now, at the head of her pages. It stores nothing."""
