"""How somebody wants to find a list again: its filter and order. Tables: saved_view."""
