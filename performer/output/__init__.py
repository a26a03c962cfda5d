"""Where pictures go: video files and stills."""
