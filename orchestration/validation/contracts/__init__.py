"""Contracts (Pandera), one module per register: what a row must be to be accepted.

A contract holds in every environment. Pandera reads switches that turn validation off, or part of
it, from variables named PANDERA_…; they are taken out of the environment before it is imported, and
`frames.check_rows` sets its own.
"""

import os

for _name in [name for name in os.environ if name.startswith("PANDERA_")]:
    del os.environ[_name]
