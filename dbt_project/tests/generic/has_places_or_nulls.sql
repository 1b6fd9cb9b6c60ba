{# Returns each row whose province or city is half known, or is a name for what is unknown. #}
{% test has_places_or_nulls(model) %}
    select * from {{ model }}
    where
        not coalesce(province_code is not null or region_status = 'unresolved', false)
        or (city_code is not null and province_code is null)
        {%- for place in ["province", "city"] %}
        or ({{ place }}_code is null) != ({{ place }}_name is null)
        or ({{ place }}_code is null) != ({{ place }}_name_en is null)
        or {{ place }}_code = '000000'
        or {{ place }}_name in ('未识别', '未标明')
        {%- endfor %}
{% endtest %}
