{# Queries about regions and cities, by claim. #}
{% macro queries_of_places() %}
  {% set ten = "batch_no <= 10" %}
  {% set of_beijing = "province_code = '110000'" %}
  {% set first_tier = "city_code in ('110000', '310000', '440100', '440300')" %}
  {# Beijing, Tianjin and Hebei #}
  {% set around_beijing = "province_code in ('110000', '120000', '130000')" %}
  {# Hangzhou, Chengdu, Nanjing, Suzhou, Xiamen and Hefei #}
  {% set second_tier = "city_code in ('330100', '510100', '320100', '320500', '350200', '340100')" %}
  {# Shanxi, Anhui, Jiangxi, Henan, Hubei and Hunan #}
  {% set central = "province_code in
    ('140000', '340000', '360000', '410000', '420000', '430000')" %}
  {{ return({
    "beijing_share": [
      share_of(of_beijing, ten),
      share_of(of_beijing, ten ~ " and not is_cancelled"),
      share_of(of_beijing, ten, "count(distinct entity_id)"),
      share_of("entity_name like '%北京%'", ten),
      share_of_registrations(of_beijing, "listed_month <= '2025-03'"),
    ],
    "first_tier_share": [
      share_of_ranks(1, 3),
      share_of(first_tier, ten),
      share_of(around_beijing, ten),
      share_of_ranks(1, 4),
    ],
    "second_tier_share": [
      share_of_ranks(4, 7),
      share_of_ranks(4, 6),
      share_of_ranks(5, 10),
      share_of(second_tier, ten),
    ],
    "rising_share": [
      share_of_ranks(8, 99),
      share_of_ranks(7, 99),
      share_of(central, ten),
    ],
    "chengdu_digital_humans": queries_of_chengdu(),
    "wuhan_healthcare_growth": queries_of_healthcare_in_wuhan(),
    "wuhan_imaging_in_batch_9": queries_of_imaging_in_wuhan(),
  }) }}
{% endmacro %}


{% macro queries_of_chengdu() %}
  {% set chengdu = "city_code = '510100' and batch_no <= 10" %}
  {% set says_digital_human = "regexp_matches(concat(algorithm_name, products, purpose),
    '数字人|数智人|虚拟人|虚拟形象|数字分身')" %}
  {{ return([
    share_of(puts_out("avatar"), chengdu),
    share_of(says_digital_human, chengdu),
    share_of_sectors(["creative"], chengdu),
    share_of("(" ~ puts_out("avatar") ~ " or " ~ puts_out("video") ~ ")", chengdu),
  ]) }}
{% endmacro %}


{% macro queries_of_healthcare_in_wuhan() %}
  {% set healthcare = ["healthcare"] %}
  {% set wuhan = "city_code = '420100'" %}
  {% set hubei = "province_code = '420000'" %}
  {% set in_2023 = "year(announced_on) = 2023" %}
  {% set in_2024 = "year(announced_on) = 2024" %}
  {{ return([
    growth_of_sectors(healthcare, wuhan ~ " and " ~ in_2024, wuhan ~ " and " ~ in_2023),
    growth_of_sectors(healthcare, hubei ~ " and " ~ in_2024, hubei ~ " and " ~ in_2023),
    growth_of_sectors(healthcare, in_2024, in_2023),
    growth_of(wuhan, in_2024, in_2023),
  ]) }}
{% endmacro %}


{% macro queries_of_imaging_in_wuhan() %}
  {% set wuhan = "city_code = '420100'" %}
  {% set healthcare = wuhan ~ " and sector = 'healthcare'" %}
  {% set says_imaging = "regexp_matches(
    concat(algorithm_name, products, purpose), '影像|医学图像|医疗图像|超声|CT|核磁|内镜')" %}
  {{ return([
    filings_where("batch_no = 9 and " ~ healthcare ~ " and " ~ puts_out("image")),
    filings_where("batch_no = 9 and " ~ wuhan ~ " and " ~ says_imaging),
    filings_where("batch_no = 9 and " ~ healthcare),
    filings_where(healthcare ~ " and " ~ puts_out("image")),
  ]) }}
{% endmacro %}
