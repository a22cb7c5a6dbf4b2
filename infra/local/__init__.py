"""How Steppe runs on one machine: set up, supervise, test. See docs/running.md."""
