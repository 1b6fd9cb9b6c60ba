{# Fails if the filings of all entities do not add up to the number of listed filings. #}
{% test accounts_for_every_filing(model, filings) %}
    select * from (
        select
            (select coalesce(sum(filings), 0) from {{ model }}) as filings_of_entities,
            (select count(*) from {{ filings }} where list_status = 'listed') as filings_listed
    )
    where filings_of_entities != filings_listed
{% endtest %}
