{# The columns `share_low` and `share_high`: the range that errors of reading leave to a share. The
   errors are sums of the columns of `int_sector_errors`. #}
{% macro share_range(filings, total, errors) %}
    {{ lowest_count(filings, errors ~ ".wrong", errors ~ ".wrong_variance") }}
        / nullif({{ total }}, 0) as share_low,
    {{ highest_count(filings, errors ~ ".missed", errors ~ ".missed_variance", total) }}
        / nullif({{ total }}, 0) as share_high
{% endmacro %}
