"""Django's database engine of this product (settings DATABASES ENGINE)."""
