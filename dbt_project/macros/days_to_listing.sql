{#
  The bounds of the days from the issue of a number to its listing. `issued_from` and `issued_until` are
  the first and the last possible day of issue; `listing` has the columns `listed_from` and
  `listed_until` of `int_current_rows`. Null if a day is missing, or if the number would have been
  issued after the listing.
#}
{% macro days_to_listing(issued_from, issued_until, listing) %}
    {%- set is_possible %}{{ issued_from }} <= {{ listing }}.listed_until{% endset -%}
    case
        when {{ is_possible }}
            then greatest(0, date_diff('day', {{ issued_until }}, {{ listing }}.listed_from))
    end::integer as days_to_listing_min,
    case
        when {{ is_possible }} then date_diff('day', {{ issued_from }}, {{ listing }}.listed_until)
    end::integer as days_to_listing_max
{%- endmacro %}


{# The same of a filing number, which names only the year of issue. #}
{% macro days_from_year_to_listing(issued_year, listing) %}
    {%- set first = "make_date(" ~ issued_year ~ ", 1, 1)" -%}
    {%- set last = "make_date(" ~ issued_year ~ ", 12, 31)" -%}
    {{ days_to_listing(first, last, listing) }}
{%- endmacro %}
