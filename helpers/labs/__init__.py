"""Labs: one question each, with a picture that answers while a hand moves."""
