"""Who was given the privacy statement, which version, when and how (AVG art. 13 and 14). Tables: privacy_notice."""
