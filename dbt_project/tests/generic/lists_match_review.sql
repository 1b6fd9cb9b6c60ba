{# Returns each current list whose number of rows, including quarantined ones, differs from the review,
   and each reviewed list that is missing although a later one of its register is loaded. #}
{% test lists_match_review(model, reviewed) %}
    with observed as (
        select register, list_month, rows_listed from {{ model }}
        where is_current and register in (select register from {{ reviewed }})
    ),
    loaded as (select register, max(list_month) as last_month from observed group by register)
    select
        register, list_month, observed.rows_listed, reviewed.rows as reviewed_rows
    from {{ reviewed }} as reviewed
    inner join loaded using (register)
    left join observed using (register, list_month)
    where observed.rows_listed is distinct from reviewed.rows
        and list_month <= loaded.last_month
{% endtest %}
