"""Matplotlib pictures. Bare figures only: no pyplot, never shown by themselves."""
