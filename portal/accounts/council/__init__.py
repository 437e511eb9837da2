"""What the works council said of following staff, as management records it. Tables: council_decision."""
