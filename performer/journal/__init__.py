"""What the night leaves behind: recorded controls, statistics, the last Frame."""
