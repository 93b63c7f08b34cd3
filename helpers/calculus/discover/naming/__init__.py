"""Which numbers are these? Words for arrays, of the input, Y and the known ones."""
