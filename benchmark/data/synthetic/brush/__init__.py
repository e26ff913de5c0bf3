"""A little renderer: a canvas that paints lit, textured shapes, and the camera that develops it."""
