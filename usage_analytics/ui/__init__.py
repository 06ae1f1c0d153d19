"""What pages are made of. The only package that imports Streamlit.

`frame` draws what surrounds every page and says what it is about (`frame.current()`); `parts` draws answers, figures and tables;
`session` holds the store and its one cached read; `text` makes names from data safe to show.
"""
