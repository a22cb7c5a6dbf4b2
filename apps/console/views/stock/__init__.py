"""库存: the pages of the storekeeper, the accountant and the manager. Addresses: apps/console/stock_urls.py."""
