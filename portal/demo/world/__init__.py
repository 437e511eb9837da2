"""Made-up schools, row by row: each file fills what one feature keeps, as far as the school's policy allows it."""
