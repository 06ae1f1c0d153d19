"""The page on auto-reload: its numbers, its replay of past weeks, and what the person sets."""
