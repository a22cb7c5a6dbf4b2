"""The rules of headquarters' figures. Pure: no Django."""
