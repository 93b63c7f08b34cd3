"""The exercises themselves: one table a notebook."""
