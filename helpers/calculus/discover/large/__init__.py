"""The search where the tensor is too large to be built."""
