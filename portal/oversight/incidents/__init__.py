"""The register of incidents with data: what happened, whom it touched, and who was told (AVG art. 33 and 34)."""
