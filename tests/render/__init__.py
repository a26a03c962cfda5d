"""The pipeline on a real OpenGL context, headless, on small pictures."""
