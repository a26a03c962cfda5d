"""Who dreams: participants, consent, rhythm, feeling, seats, the arc. Pure numpy, no I/O."""
