"""Tests of the WeChat stand-in; they need neither Django nor a database."""
