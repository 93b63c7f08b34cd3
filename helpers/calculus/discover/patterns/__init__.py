"""What a core may be made of: one file a kind of structure."""
