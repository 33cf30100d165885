"""The store of scores: what a text got is kept on the disk, so that it is not computed again.

`database` finds and opens the file, `rows` is what it holds, `classifier` asks it before a model. Nothing
depends on it: without it every score is the same to 1e-5 (see `stance.scoring`), and only slower.
"""
