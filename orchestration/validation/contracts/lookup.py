"""The contract of each register, by the register's name."""

from importlib import import_module

from orchestration.validation.contracts.base import Contract


def contract_of(register: str) -> Contract:
    """Return `CONTRACT` from the module in this package that has the register's name."""
    contract: Contract = import_module(f"{__package__}.{register}").CONTRACT
    return contract
