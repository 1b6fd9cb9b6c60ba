"""The contract of each register, by the register's name."""

from importlib import import_module

from orchestration.validation.contracts.base import Contract


def contract_of(register: str) -> Contract:
    """The `CONTRACT` of the module of the register's name in this package."""
    contract: Contract = import_module(f"{__package__}.{register}").CONTRACT
    return contract
