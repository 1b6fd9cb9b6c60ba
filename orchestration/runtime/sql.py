"""Texts and names in SQL."""


def text(value: object) -> str:
    """The value as an SQL string, such as a path."""
    return "'" + str(value).replace("'", "''") + "'"


def identifier(name: str) -> str:
    """The name as an SQL identifier, such as a table."""
    return '"' + name.replace('"', '""') + '"'
