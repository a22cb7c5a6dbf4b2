"""Many pushes through everything that can go wrong outside: `make pushes`."""
