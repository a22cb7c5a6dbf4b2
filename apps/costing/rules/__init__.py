"""What work is worth, how it is shared, paid and reckoned: pure, without a database (domain.md §5 and §7)."""
