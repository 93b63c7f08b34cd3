"""Derivatives of maps between vectors and matrices: both layouts, chains, surfaces."""
