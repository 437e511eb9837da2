"""The front door, which leads everyone to her first page."""
