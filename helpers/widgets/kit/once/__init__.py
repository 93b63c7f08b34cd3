"""What a kernel and a page hold once, however often a cell is run."""
