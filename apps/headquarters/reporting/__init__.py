"""Pages of figures, put together once for headquarters' site and for a branch's own (apps/console)."""
