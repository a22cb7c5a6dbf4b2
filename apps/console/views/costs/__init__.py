"""成本与利润: from the branch's month to the single line, plans and their keeping, expenses, the close of a month."""
