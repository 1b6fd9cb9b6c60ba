{# Returns each cancellation that follows another one of the same filing without a revocation. #}
{% test one_cancellation_at_a_time(model) %}
    select * from {{ model }}
    where event in ('cancelled', 'cancellation_revoked')
    qualify event = 'cancelled' and lag(event) over (
        partition by register, filing_number order by event_no
    ) = 'cancelled'
{% endtest %}
