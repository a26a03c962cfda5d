"""The gallery: every generator, preset and show as stills, on one page that opens without a server.

    plan → hanging (generators, presets, shows) → stills, sheets → page

What is drawn here goes the stage's own way: the easel for one dream, Circle and Renderer for all.
"""
