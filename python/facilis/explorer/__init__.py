"""The explorer: the model under one's fingers, in a notebook.

`settings` is what the sliders say, `answers` computes what is drawn for it, and `widget` connects both with the
browser, where `explorer.js` draws. Only `widget` needs anywidget.
"""
