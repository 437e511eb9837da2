"""Files for recipients: selection, production, delivery."""
