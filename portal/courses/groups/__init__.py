"""Groups and who teaches them."""
