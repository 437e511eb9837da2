"""What is held of a member of staff, as she reads it herself and takes along. Tables: none."""
