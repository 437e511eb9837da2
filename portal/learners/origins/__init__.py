"""Where the values of a record came from. Tables: field_origin."""
