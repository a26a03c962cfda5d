"""The desk: one asyncio loop for everything that plays the instrument from outside.

It checks every message against the tree, keeps what the stage has not yet acknowledged, and tells
controllers what people changed. It holds no picture and no Frame of its own making.
"""
