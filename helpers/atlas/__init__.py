"""The atlas: a page for each row of the table of operations; `python -m helpers.atlas` writes it.

What a row cannot know, its names elsewhere and what goes wrong with it, stands in `notes/`.
"""
