"""Contracts (Pandera), one module per register: the conditions that a row must meet.

Contracts apply in every environment. Pandera reads switches that turn off all or part of validation
from variables named PANDERA_…. They are removed here, before Pandera is imported, and
`frames.check_rows` sets its own configuration.
"""

import os

for _name in [name for name in os.environ if name.startswith("PANDERA_")]:
    del os.environ[_name]
