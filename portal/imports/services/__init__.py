"""What somebody does with a workbook; a file for each step."""
