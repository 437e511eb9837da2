"""Days on which the school gives no lessons."""
