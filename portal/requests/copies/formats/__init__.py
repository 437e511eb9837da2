"""A copy as a page, as JSON and as a PDF; a file to take along as JSON and tables; and the archive that holds them."""
