"""Correspondence with people who ask. Tables: correspondence."""
