"""What the architect and participants play with: OSC and the keyboard."""
