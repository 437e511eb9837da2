"""What every request and answer has in common: access, forms, tokens, pages, assets and languages."""
