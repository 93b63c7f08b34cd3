"""What students touch: thin shells over the calculus."""
