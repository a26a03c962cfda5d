"""The flash judges, the hostile clips and the reference guard that prove Performer's guard.

`judge` is our own reading of WCAG 2.3.1, `second` wraps an independent detector, `clips` makes
pictures that must never reach an eye unguarded, and `reference_guard` is the guard in numpy.
Nothing here imports OpenGL or Performer itself: a judge that shares code with the accused is none.
"""
