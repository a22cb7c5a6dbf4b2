"""Headquarters' pages, one file each."""
