"""De-identified rows: what statutory retention needs of people who are gone, of at least five at once (LB-13)."""
