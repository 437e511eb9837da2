"""Where the columns of a workbook go."""
