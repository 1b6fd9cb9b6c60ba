select
    batch_no, basis, passed, submitted, pass_rate, denominator,
    is_official, is_implied, source_title, note
from pass_rates
order by basis, batch_no
