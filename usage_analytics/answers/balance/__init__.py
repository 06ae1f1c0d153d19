"""How much is left, what paid for what, and how long it lasts."""
