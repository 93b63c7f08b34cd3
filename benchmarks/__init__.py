"""What the course costs, measured: run as `python -m benchmarks.NAME` from the repository."""
