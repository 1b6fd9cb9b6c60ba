{# Queries for the systems that the article names, by claim. Each counts filings of batches 1 to 10, or
   services listed by then. #}
{% macro queries_of_named_systems() %}
  {% set texts = "concat(algorithm_name, products, purpose)" %}
  {% set names = "concat(algorithm_name, products)" %}
  {% set uses = "concat(algorithm_name, purpose)" %}
  {% set nanfang = "entity_name like '%南方财经%'" %}
  {% set tencent = "entity_name like '%腾讯音乐%'" %}
  {% set metastudio = "entity_name like '%华为云%' and algorithm_name ilike '%MetaStudio%'" %}
  {% set anheng = "batch_no = 10 and entity_name like '%安恒%'" %}
  {% set wanhua = "entity_name like '%万华%'" %}
  {% set eastmoney = "entity_name like '%东方财富%'" %}
  {% set baidu = "entity_name like '%百度%'" %}
  {% set gaotu = "(entity_name like '%高途%' or " ~ names ~ " like '%高途%')" %}
  {{ return({
    "named_nanfang_caijing": [
      among_ten(nanfang ~ " and " ~ puts_out("text")
        ~ " and regexp_matches(" ~ uses ~ ", '理财|财富')"),
      among_ten(nanfang),
    ],
    "named_tencent_music": [
      among_ten(tencent ~ " and outputs = 'image' and " ~ takes_in("text")),
      among_ten(tencent ~ " and algorithm_name like '%文生图%'"),
    ],
    "named_metastudio": [
      among_ten(metastudio
        ~ " and algorithm_name like '%数字人%' and algorithm_name like '%驱动%'"
        ~ " and regexp_matches(purpose, '生成[^，。]*(视频|音频|语音)')"),
      among_ten(metastudio),
    ],
    "named_anheng": [
      filings_where(anheng ~ " and is_cross_modal"),
      filings_where(anheng ~ " and regexp_matches(" ~ texts ~ ", '威胁|情报|可视化|态势')"),
      filings_where(anheng),
    ],
    "named_wanhua": [
      among_ten(wanhua ~ " and sector = 'manufacturing' and " ~ uses ~ " like '%材料%'"),
      among_ten(wanhua),
      among_ten(wanhua ~ " and regexp_matches(" ~ texts ~ ", '研发|研究')"),
    ],
    "named_eastmoney": [
      among_ten(eastmoney ~ " and " ~ puts_out("text")
        ~ " and regexp_matches(purpose, '投资|交易|理财')"),
      among_ten(eastmoney ~ " and regexp_matches(
        " ~ texts ~ ", '投顾|投资顾问|理财顾问|智能投')"),
      among_ten(eastmoney),
    ],
    "named_ernie": [
      among_ten(baidu ~ " and algorithm_name like '%文心%' and province_code = '110000'"
        ~ " and sector = 'general'"),
      among_ten(baidu ~ " and " ~ names ~ " like '%文心%'"),
      services_where("list_month <= '2025-03' and " ~ baidu
        ~ " and service_name like '%文心%' and province_code = '110000'"),
    ],
    "named_gaotu": [
      among_ten("sector = 'education' and " ~ gaotu),
      among_ten(uses ~ " like '%知识%' and " ~ gaotu),
    ],
  }) }}
{% endmacro %}


{% macro among_ten(which) %}
  {{ return(filings_where("batch_no <= 10 and " ~ which)) }}
{% endmacro %}
