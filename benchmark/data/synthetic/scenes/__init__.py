"""Nine kinds of scenes, each a stage for its subject."""
