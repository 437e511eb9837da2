"""What a school's lessons and learners came to in a month, counted beforehand so that a page only adds up."""
