"""What the works council said of following and naming staff, as management records it. Tables: council_decision."""
