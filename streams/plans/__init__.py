"""
Plan files: what a plan can say, how its text is read, checked and made canonical.

`model` is the plan as typed values, `load` reads YAML with the place of every finding,
`lint` refuses what could not be paid, `canonical` is the one text that travels.
"""
