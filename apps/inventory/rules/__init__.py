"""Tables and arithmetic of stock: pure, without a database."""
