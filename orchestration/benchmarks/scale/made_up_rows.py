"""Made-up filings: the shipped rows again and again, with other companies, names and numbers.

Copy 0 has the shipped rows themselves. Copy k gives every company another name and another code,
every filing another number, and the purpose of another filing. Regions, kinds, the number of
filings per company, renamings in notes and products are therefore distributed as in the shipped
registers, and few texts repeat. The same row number always gives the same row.
"""

from collections.abc import Mapping

import duckdb
import polars as pl

# A copy's number is written with these characters, and put into its names.
DIGITS = "安百川春达德恩方丰冈格广国海汉恒弘华辉惠吉佳嘉江锦京景康朗立利龙隆鲁洛茂美南宁诺平普奇启"

_TAG = f"""
    create macro digit(n) as substr('{DIGITS}', 1 + n % {len(DIGITS)}, 1);
    create macro tag(k) as case when k > 0
        then digit(k) || digit(k // {len(DIGITS)}) || digit(k // {len(DIGITS) ** 2}) else '' end;
    create macro tagged(name, k) as name[1:2] || tag(k) || name[3:];
    create macro weight(digits, place) as digits[place]::integer * (1 << (21 - place));
    create macro check_digit(digits) as
        (11 - list_sum([weight(digits, place) for place in range(1, 21)])::integer % 10) % 10;
    create macro code(company, k, companies) as
        lpad((company + k * companies)::varchar, 7, '0');
    create macro numbered(digits, company) as
        digits[1:6] || company || digits[14:20]
        || check_digit(digits[1:6] || company || digits[14:20]);
"""

_COMPANY = "code(companies.n, k, {companies})"
_NUMBER = "if(k = 0, filing_number, numbered(filing_number, " + _COMPANY + "))"
_EVENTS = """list_transform(note_events, lambda event: struct_pack(
    kind := event.kind, month := event.month, subject := event.subject,
    old_value := tagged(event.old_value, k), new_value := tagged(event.new_value, k),
    old_key := tagged(event.old_key, k), new_key := tagged(event.new_key, k)))"""
_PRODUCTS = """list_transform(product_list, lambda product: struct_pack(
    name := product.name || tag(k), kind := product.kind,
    printed_kind := product.printed_kind, mentions := product.mentions))"""
# Each changed column, by name. Other columns are those of the shipped row.
_CHANGED = {
    "algorithm_name": "tagged(algorithm_name, k)",
    "service_name": "tagged(service_name, k)",
    "entity_name": "tagged(entity_name, k)",
    "entity_key": "tagged(entity_key, k)",
    "products": "replace(products, '（', tag(k) || '（')",
    "product_list": _PRODUCTS,
    "note_events": _EVENTS,
    "purpose": "other_purpose",
    "entity_id": f"if(k = 0, entity_id, {_COMPANY})",
    "filing_number": _NUMBER,
    "service_number": "service_number || if(k = 0, '', '-' || k)",
}
# Coprime with the numbers of rows, so that every copy combines other filings with other purposes.
_STRIDE = 3571


class MadeUpRows:
    """The rows of made-up registers. `base` are the accepted rows of each register, by name."""

    def __init__(self, base: Mapping[str, pl.DataFrame]) -> None:
        self._connection = duckdb.connect(config={"threads": 1})
        self._connection.execute(_TAG)
        self._heights = {name: rows.height for name, rows in base.items()}
        for name, rows in base.items():
            self._connection.register("base_rows", rows.with_row_index("j"))
            self._connection.execute(f"create table {name} as select * from base_rows")
            self._connection.unregister("base_rows")
        coded = (name for name, rows in base.items() if "entity_id" in rows.columns)
        codes = " union ".join(f"select entity_id from {name}" for name in coded)
        self._connection.execute(
            "create table companies as "
            "select entity_id, row_number() over (order by entity_id) as n "
            f"from ({codes}) where entity_id is not null"
        )
        ((self._companies,),) = self._connection.sql("select count(*) from companies").fetchall()

    def of(self, register: str, first: int, count: int) -> pl.DataFrame:
        """The rows `first` to `first + count - 1` of a register, with its contract's columns."""
        height = self._heights[register]
        columns = self._connection.table(register).columns[1:]
        has_purpose, has_code = "purpose" in columns, "entity_id" in columns
        selected = (
            f"{_CHANGED[name].format(companies=self._companies)} as {name}"
            if name in _CHANGED
            else name
            for name in columns
        )
        other = f"inner join {register} as other on other.j = (one.j + k * {_STRIDE}) % {height}"
        rows: pl.DataFrame = self._connection.sql(
            f"""
            with made as (
                select i, i // {height} as k
                from range({first}, {first + count}) as numbers (i)
            ),

            paired as (
                select made.*, one.* {", other.purpose as other_purpose" if has_purpose else ""}
                from made
                inner join {register} as one on one.j = i % {height}
                {other if has_purpose else ""}
            )

            select {", ".join(selected)}
            from paired {"left join companies using (entity_id)" if has_code else ""}
            order by i
            """
        ).pl()
        return rows
