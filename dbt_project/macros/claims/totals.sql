{# Queries about the whole register, its techniques and its pass rates, by claim. #}
{% macro queries_of_totals() %}
  {% set ten = "batch_no <= 10" %}
  {% set in_tenth = "batch_no = 10" %}
  {% set new_kind = "len(list_filter(string_split(outputs, '+'),
    lambda kind: not list_contains(string_split(inputs, '+'), kind))) > 0" %}
  {% set says_cross_modal = "regexp_matches(concat(algorithm_name, purpose), '多模态|跨模态')" %}
  {# The month of batch 10, and the number's code of the kind generative synthesis. #}
  {% set ten_months = "listed_month <= '2025-03'" %}
  {% set is_algorithm = "register <> 'generative_services'" %}
  {% set is_synthesis = "(register <> 'generative_services' and substr(number, 14, 2) = '01')" %}
  {% set says_causal = "regexp_matches(concat(algorithm_name, products, purpose), '因果')" %}
  {{ return({
    "total_filings": [
      count_of(ten),
      issued_up_to(10),
      sum_of("product_count", ten),
      count_of_registrations(is_algorithm ~ " and " ~ ten_months),
      count_of_registrations(ten_months),
    ],
    "generative_share": [
      share_of("is_generative", ten),
      share_of("algorithm_name like '%生成%'", ten),
      share_of(puts_out("text"), ten),
      share_of("substr(filing_number, 14, 2) = '01'", ten),
      share_of_registrations(is_synthesis, is_algorithm ~ " and " ~ ten_months),
      share_of_registrations(
        "(register = 'generative_services' or " ~ is_synthesis ~ ")", ten_months),
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
      share_of_texts("因果", "list_month like '2026-%'"),
      share_of_texts("因果", "true"),
    ],
    "dual_track_2026": [
      first_year_of_services(2026),
      last_year_of_services("filed", "2024-12-31", "2025-01"),
      last_year_of_services("filed", "2025-03-31", "2025-03"),
      last_year_of_services("filed", "2025-12-31", "2025-12"),
      last_year_of_services("registered", "2025-12-31", "2025-12"),
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
