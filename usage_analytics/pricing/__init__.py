"""What a call costs at list prices, and which model a name means.

models      any spelling of a model's name → its first-party id, the name that people see, its family
rates       `rates.csv`: dated list prices. A price change is a new row with a date, never an edit, so the past keeps its price
overrides   the person's own prices laid over them: a table of their own, an enterprise multiplier
cost        `cost.sql`: the one SQL expression for the price of a call

Importing `models` and `rates` loads the standard library only; `overrides` is the one module that needs pydantic.
"""
