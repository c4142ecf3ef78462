"""What comes of a household: decisions, amounts, offices, what is missing, the path, receipts."""
