"""The workbook `filings.xlsx`."""
