{# Queries about the whole register, its techniques and its pass rates, by claim. #}
{% macro queries_of_totals() %}
  {% set ten = "batch_no <= 10" %}
  {% set in_tenth = "batch_no = 10" %}
  {% set new_kind = "len(list_filter(string_split(outputs, '+'),
    lambda kind: not list_contains(string_split(inputs, '+'), kind))) > 0" %}
  {% set says_cross_modal = "regexp_matches(concat(algorithm_name, purpose), '多模态|跨模态')" %}
  {% set says_causal = "regexp_matches(concat(algorithm_name, products, purpose), '因果')" %}
  {{ return({
    "total_filings": [
      count_of(ten),
      issued_up_to(10),
      sum_of("product_count", ten),
    ],
    "generative_share": [
      share_of("is_generative", ten),
      share_of("algorithm_name like '%生成%'", ten),
      share_of(puts_out("text"), ten),
      share_of("substr(filing_number, 14, 2) = '01'", ten),
    ],
    "cross_modal_share": [
      share_of("is_cross_modal", in_tenth),
      share_of("is_multimodal", in_tenth),
      share_of(new_kind, in_tenth),
      share_of(says_cross_modal, in_tenth),
    ],
    "pass_rate_first": queries_of_pass_rate(1),
    "pass_rate_tenth": queries_of_pass_rate(10),
    "causal_share_2026": [
      share_of(says_causal, "year(announced_on) = 2026"),
      share_of(says_causal, "true"),
    ],
    "dual_track_2026": [
      "select null::double as measured_value, count(*) as counted, null::bigint as out_of,
         null::varchar[] as filing_numbers
       from {filings} where list_status = 'listed' and substr(filing_number, 14, 2) <> '01'",
    ],
  }) }}
{% endmacro %}


{% macro queries_of_pass_rate(batch_no) %}
  {{ return([
    pass_rate("submissions", batch_no),
    pass_rate("in_force", batch_no),
    pass_rate("issued", batch_no),
  ]) }}
{% endmacro %}
