"""The assessment of a household: decisions, amounts, offices, missing facts, the path, receipts."""
