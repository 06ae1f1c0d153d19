"""The fault campaign: one file a row, named by its id and what it does; `./dev campaign [ROW…]` runs them and prints what held.

frame       what a row says and what it returns; how it runs commands, tests and servers
__main__    runs the rows, each in a process of its own, and prints the table
document    docs/trust.md, written from the rows and the last results
sabotage    takes a defense out of a copy of the program, and shows that the row for it fails
soak        weeks of `watch` in minutes

A row is a module with a docstring (what we promise, in one sentence), `PROMISES` (which of P1 to P9 it stands for) and
`check(where)`, whose docstring says what is done. It returns `holds(figure)`, raises AssertionError, or raises NotHere.
"""
