"""The registers, one module each: what is particular to a register is declared there."""
