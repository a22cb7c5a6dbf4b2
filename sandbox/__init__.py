"""A stand-in for WeChat: its HTTP API, its callbacks and the phones of some invented people.

A program of its own for development and tests. It imports nothing of the product, and the product
imports nothing of it: they meet over HTTP only. "WeChat doc" in the docstrings below means the chapter
of the project's WeChat reference where the fact and its source are written down.
"""
