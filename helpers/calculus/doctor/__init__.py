"""Anybody's forward and backward pass: how they are called, what is right, what is wrong."""
