"""Small things around the subject."""
