"""Assets, with one module per stage. They call functions of the other packages."""
