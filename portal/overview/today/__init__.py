"""*Vandaag*, the first page of staff."""
