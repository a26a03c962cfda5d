"""What is written down before the night: presets, shows, policy, shader headers. Pure data."""
