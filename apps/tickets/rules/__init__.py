"""The rules of tickets as pure modules: no Django, no clock of their own, no database."""
