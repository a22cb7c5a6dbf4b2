"""Names that every room shares."""

PUBLIC = "public"  # headquarters schema; every other schema is a branch
