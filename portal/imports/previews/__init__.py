"""What a workbook would change, before anything is stored."""
