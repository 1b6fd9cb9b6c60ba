"""A release with filings to read and a seed with labels of them, for tests of `filings review`."""

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from orchestration.classification.labels import text_keys
from orchestration.classification.reviews import Label
from orchestration.cli.review.seed import read_seed_file, seed_bytes
from tests.orchestration.classification.labels import make_label
from tests.orchestration.cli.register_factories import (
    Row,
    make_filing,
    make_register,
    make_registration,
    make_sector,
)
from tests.orchestration.validation.list_factories import make_filing_number

SECTORS = {"finance": "金融", "education": "教育", "energy": "能源环保", "general": "通用"}
# A number of each other register.
ELSEWHERE = {"recommendation": make_filing_number(21), "generative_services": "Beijing-Test-2024"}
# Filings by serial: their batch, and what the rules derive.
FILINGS: dict[int, Row] = {
    1: {"batch_no": 18, "sector_confidence": 0.9, "confidence_by_rules": 0.9},
    2: {"batch_no": 19, "sector_confidence": 0.8, "confidence_by_rules": 0.8},
    3: {"batch_no": 19, "sector_confidence": 0.4, "confidence_by_rules": 0.4,
        "inputs_by_rules": "image"},
    4: {"batch_no": 18, "sector_confidence": 0.95, "sector_by_rules": "finance"},
    5: {"batch_no": 18, "sector_confidence": 0.5},
    6: {"batch_no": 18, "sector_confidence": 0.99},
}  # fmt: skip


def filing(serial: int) -> Row:
    return make_filing(serial, f"算法{serial}", **FILINGS[serial])


def label(serial: int, **others: object) -> Label:
    """A label for the present texts of a filing, by one reader, who was sure of `finance`."""
    keys = text_keys(pl.DataFrame([filing(serial)], schema_overrides={"products": pl.String}))
    number = make_filing_number(serial)
    columns = {"filing_number": number, "list_month": "2025-05", **keys.row(0, named=True)}
    return make_label(**columns | others)


# 1 was amended, 2 and 3 were not read, 4 was read once by a reader who was not sure, on 5 two
# readers differ, and 6 is decided.
LABELS = (
    label(1, names_key="00000000"),
    label(4, first_is_sure=False),
    label(5, readers="mei+lin", second_sector="general", other_sector="general"),
    label(6, readers="mei+lin", second_sector="finance"),
)


class Review:
    """A data directory with a release, and the seed that the command reads and writes."""

    def __init__(self, folder: Path) -> None:
        sectors = [make_sector(place, *item) for place, item in enumerate(SECTORS.items(), 1)]
        self.data_dir = make_register(
            folder / "data",
            filings=[filing(serial) for serial in FILINGS],
            sectors=sectors,
            registrations=[
                make_registration(register, number, "推荐")
                for register, number in ELSEWHERE.items()
            ],
        )
        self.seed = folder / "seeds" / "filing_labels.csv"
        self.seed.parent.mkdir()
        self.seed.write_bytes(seed_bytes(LABELS))

    @property
    def labels(self) -> Mapping[str, Label]:
        return read_seed_file(self.seed).labels

    def label(self, serial: int) -> Label:
        return self.labels[make_filing_number(serial)]
