"""From a Frame to a picture: OpenGL and nothing else. No clock, randomness or socket."""
