"""核定: months of work points on their way to the payroll. Addresses: apps/console/settlement_urls.py."""
