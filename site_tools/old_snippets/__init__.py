"""Old snippets, run today: entries, runs and the page made of them.

`python -m site_tools.old_snippets record` runs every entry on the installed Keras and writes what happened.
"""
