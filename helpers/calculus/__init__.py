"""The mathematics of the course. Needs NumPy alone."""
