"""The confidentiality duty that staff accept before they open a record (LB-07)."""
