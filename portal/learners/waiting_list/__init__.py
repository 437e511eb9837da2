"""Who waits for a place in a course or group: put on the list, placed from it, taken off it. Tables: waiting_entry."""
