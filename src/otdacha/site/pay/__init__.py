"""The pages of a scenario of pay: what measures cost and bring, as the scenario says it."""
