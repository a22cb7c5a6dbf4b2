"""Pages of the desk, grouped as people use them: board, one ticket, entry, callback."""
