{#
  How each claim of the seed `claims` is read: the nearest thing that the register can measure, as
  one query on the release. The first reading of a claim is the one that its verdict stands on: the
  plainest that the article's words allow, and where they leave it open (which regions are a tier?
  which filing is meant?) the one most favourable to the article. The others show how much hangs on
  it. Counts are of listed filings, cancelled ones included.

  A query gives one row: measured_value (in the claim's unit), counted and out_of (what it is made
  from), filing_numbers (where single filings are meant). Queries name tables in braces, {filings}:
  the mart runs them on its upstream models and carries them with the plain names of a release.

  A reading is a list: its definition in English and in Chinese (full stops are added), its query,
  and, where it settles nothing though it can be measured, why not, in both languages.
#}
{% macro claim_readings() %}
  {% set readings = [] %}
  {% set ten = "batch_no <= 10" %}
  {% set in_2023 = "year(announced_on) = 2023" %}
  {% set in_2024 = "year(announced_on) = 2024" %}
  {% set in_2025 = "year(announced_on) = 2025" %}
  {% set in_2026 = "year(announced_on) = 2026" %}

  {{ read(readings, "total_filings", [
    ["Filings listed in batches 1 to 10",
     "第 1 至 10 批列出的备案数",
     count_of(ten)],
    ["Numbers issued up to batch 10, listed or not",
     "截至第 10 批发放的编号数，无论是否列出",
     issued_up_to(10)],
    ["Products named in batches 1 to 10",
     "第 1 至 10 批列出的产品数",
     sum_of("product_count", ten)],
  ]) }}

  {{ read(readings, "generative_share", [
    ["Filings that are more than recognition or editing, of all",
     "不限于识别或编辑的备案占全部备案的比例",
     share_of("is_generative", ten)],
    ["Filings whose name says 生成, of all",
     "名称含“生成”的备案占全部备案的比例",
     share_of("algorithm_name like '%生成%'", ten)],
    ["Filings that put out text, of all",
     "输出文本的备案占全部备案的比例",
     share_of(puts_out("text"), ten)],
    ["Filings whose number says generative synthesis (01), of all",
     "编号属生成合成类（01）的备案占全部备案的比例",
     share_of("substr(filing_number, 14, 2) = '01'", ten)],
  ]) }}
  {{ read(readings, "cross_modal_share", [
    ["Filings with an output kind that is no input kind, or two or more output kinds",
     "有输出模态不属于输入模态、或有两种及以上输出模态的备案占比",
     share_of("is_cross_modal", "batch_no = 10")],
    ["Filings with two or more output kinds",
     "有两种及以上输出模态的备案占比",
     share_of("is_multimodal", "batch_no = 10")],
    ["Filings with an output kind that is no input kind",
     "有输出模态不属于输入模态的备案占比",
     share_of("len(list_filter(string_split(outputs, '+'),
        lambda kind: not list_contains(string_split(inputs, '+'), kind))) > 0", "batch_no = 10")],
    ["Filings whose name or purpose says 多模态 or 跨模态",
     "名称或用途含“多模态”或“跨模态”的备案占比",
     share_of("regexp_matches(concat(algorithm_name, purpose), '多模态|跨模态')", "batch_no = 10")],
  ]) }}

  {{ read(readings, "finance_growth", [
    ["Filings of the sector announced in 2024 against 2023",
     "2024 年公布的该行业备案数与 2023 年相比",
     growth_of("sector = 'finance'", in_2024, in_2023)],
    ["The sector's share of the filings announced in 2024 against 2023",
     "该行业在 2024 年公布的备案中所占比例与 2023 年相比",
     growth_of_share("sector = 'finance'", in_2024, in_2023)],
    ["Filings of the sector a batch, 2024 against 2023",
     "该行业平均每批备案数，2024 年与 2023 年相比",
     growth_a_batch("sector = 'finance'", in_2024, in_2023)],
    ["Filings of batches 1 to 10 in the sector whose number was issued in 2024 against 2023",
     "第 1 至 10 批中编号于 2024 年发放的该行业备案数与 2023 年相比",
     growth_of("sector = 'finance' and " ~ ten, "issued_year = 2024", "issued_year = 2023")],
    ["Entities with a filing of the sector, 2024 against 2023",
     "有该行业备案的主体数，2024 年与 2023 年相比",
     growth_of("sector = 'finance'", in_2024, in_2023, "count(distinct entity_id)")],
  ]) }}
  {{ read(readings, "industry_growth", [
    ["Filings of the sector in batch 10 against batch 4, announced nearest to a year before",
     "第 10 批的该行业备案数与公布时间最接近一年前的第 4 批相比",
     growth_of("sector = 'manufacturing'", "batch_no = 10", "batch_no = 4")],
    ["Filings of the sector in batch 10 against batch 5, announced next nearest",
     "第 10 批的该行业备案数与公布时间次接近一年前的第 5 批相比",
     growth_of("sector = 'manufacturing'", "batch_no = 10", "batch_no = 5")],
    ["The sector's share of batch 10 against batch 4",
     "该行业在第 10 批中所占比例与第 4 批相比",
     growth_of_share("sector = 'manufacturing'", "batch_no = 10", "batch_no = 4")],
    ["Filings of the sector in batch 10 against a batch of 2024",
     "第 10 批的该行业备案数与 2024 年平均每批相比",
     growth_a_batch("sector = 'manufacturing'", "batch_no = 10", in_2024)],
    ["Filings of industry in the wide sense (with energy and transport), batch 10 against batch 4",
     "广义工业（含能源环保和交通出行）的备案数，第 10 批与第 4 批相比",
     growth_of("sector in ('manufacturing', 'energy', 'transport')",
               "batch_no = 10", "batch_no = 4")],
  ]) }}

  {% for sector in ["finance", "manufacturing", "healthcare"] %}
    {% for year in [2023, 2025] %}
      {% set is_sector = "sector = '" ~ sector ~ "'" %}
      {% set is_year = "year(announced_on) = " ~ year %}
      {{ read(readings, sector ~ "_penetration_" ~ year, [
        ["The sector's share of the filings announced in " ~ year,
         "该行业在 " ~ year ~ " 年公布的备案中所占比例",
         share_of(is_sector, is_year)],
        ["The sector's share of all filings announced up to the end of " ~ year,
         "该行业在截至 " ~ year ~ " 年底公布的全部备案中所占比例",
         share_of(is_sector, "year(announced_on) <= " ~ year)],
        ["Share of the entities that filed in " ~ year ~ " with a filing of the sector",
         year ~ " 年有备案的主体中，有该行业备案者所占比例",
         share_of(is_sector, is_year, "count(distinct entity_id)")],
        ["Filings announced in " ~ year ~ " that have the sector as first or second reading",
         year ~ " 年公布的备案中，首选或次选行业为该行业者所占比例",
         share_of("(" ~ is_sector ~ " or sector_runner_up = '" ~ sector ~ "')", is_year)],
      ]) }}
    {% endfor %}
  {% endfor %}

  {{ read(readings, "beijing_share", [
    ["Filings of entities registered in Beijing (by the number's division), of all",
     "主体注册地在北京（据编号中的区划代码）的备案占全部备案的比例",
     share_of("province_code = '110000'", ten)],
    ["Filings still in force of entities registered in Beijing, of all in force",
     "主体注册地在北京的有效备案占全部有效备案的比例",
     share_of("province_code = '110000'", ten ~ " and not is_cancelled")],
    ["Entities with a filing from Beijing, of all entities",
     "有北京备案的主体占全部主体的比例",
     share_of("province_code = '110000'", ten, "count(distinct entity_id)")],
    ["Filings of entities whose name says 北京, of all",
     "主体名称含“北京”的备案占全部备案的比例",
     share_of("entity_name like '%北京%'", ten)],
  ]) }}
  {{ read(readings, "first_tier_share", [
    ["The three regions (provinces) with most filings",
     "备案最多的三个地区（省级）所占比例",
     share_of_ranks(1, 3)],
    ["Beijing, Shanghai, Guangzhou and Shenzhen",
     "北京、上海、广州和深圳所占比例",
     share_of("city_code in ('110000', '310000', '440100', '440300')", ten)],
    ["Beijing, Tianjin and Hebei, the regions beside each other",
     "彼此相邻的北京、天津和河北所占比例",
     share_of("province_code in ('110000', '120000', '130000')", ten)],
    ["The four regions with most filings",
     "备案最多的四个地区所占比例",
     share_of_ranks(1, 4)],
  ]) }}
  {{ read(readings, "second_tier_share", [
    ["The regions of rank 4 to 7 by filings, Sichuan with Chengdu among them",
     "备案数排第 4 至 7 位的地区所占比例，其中有成都所在的四川",
     share_of_ranks(4, 7)],
    ["The regions of rank 4 to 6, down to Sichuan",
     "备案数排第 4 至 6 位的地区所占比例，到四川为止",
     share_of_ranks(4, 6)],
    ["The regions of rank 5 to 10",
     "备案数排第 5 至 10 位的地区所占比例",
     share_of_ranks(5, 10)],
    ["Hangzhou, Chengdu, Nanjing, Suzhou, Xiamen and Hefei",
     "杭州、成都、南京、苏州、厦门和合肥所占比例",
     share_of("city_code in ('330100', '510100', '320100', '320500', '350200', '340100')", ten)],
  ]) }}
  {{ read(readings, "rising_share", [
    ["The regions from rank 8 on by filings, Hubei with Wuhan first of them",
     "备案数排第 8 位及以后的地区所占比例，武汉所在的湖北居首",
     share_of_ranks(8, 99)],
    ["The regions from rank 7 on",
     "备案数排第 7 位及以后的地区所占比例",
     share_of_ranks(7, 99)],
    ["The six provinces of central China (Shanxi, Anhui, Jiangxi, Henan, Hubei, Hunan)",
     "中部六省（山西、安徽、江西、河南、湖北、湖南）所占比例",
     share_of(
     "province_code in ('140000', '340000', '360000', '410000', '420000', '430000')", ten)],
  ]) }}
  {{ read(readings, "chengdu_digital_humans", [
    ["Chengdu's filings that put out a digital human, of all of Chengdu's",
     "成都备案中输出数字人的比例",
     share_of(puts_out("avatar"), "city_code = '510100' and " ~ ten)],
    ["Chengdu's filings that name a digital or virtual human anywhere, of all of Chengdu's",
     "成都备案中任何一处提到数字人或虚拟人的比例",
     share_of("regexp_matches(concat(algorithm_name, products, purpose),
        '数字人|数智人|虚拟人|虚拟形象|数字分身')", "city_code = '510100' and " ~ ten)],
    ["Chengdu's filings of creative tools, of all of Chengdu's",
     "成都备案中属创意工具行业的比例",
     share_of("sector = 'creative'", "city_code = '510100' and " ~ ten)],
    ["Chengdu's filings that put out a digital human or video, of all of Chengdu's",
     "成都备案中输出数字人或视频的比例",
     share_of("(" ~ puts_out("avatar") ~ " or " ~ puts_out("video") ~ ")",
              "city_code = '510100' and " ~ ten)],
  ]) }}
  {{ read(readings, "wuhan_healthcare_growth", [
    ["Wuhan's filings of the sector announced in 2024 against 2023",
     "2024 年公布的武汉该行业备案数与 2023 年相比",
     growth_of("sector = 'healthcare' and city_code = '420100'", in_2024, in_2023)],
    ["Hubei's filings of the sector announced in 2024 against 2023",
     "2024 年公布的湖北该行业备案数与 2023 年相比",
     growth_of("sector = 'healthcare' and province_code = '420000'", in_2024, in_2023)],
    ["Filings of the sector in the whole country, 2024 against 2023",
     "全国该行业备案数，2024 年与 2023 年相比",
     growth_of("sector = 'healthcare'", in_2024, in_2023)],
    ["Wuhan's filings of every sector, 2024 against 2023",
     "武汉所有行业的备案数，2024 年与 2023 年相比",
     growth_of("city_code = '420100'", in_2024, in_2023)],
  ]) }}
  {{ read(readings, "wuhan_imaging_in_batch_9", [
    ["Filings of batch 9 from Wuhan, of the sector healthcare, that put out images",
     "第 9 批中来自武汉、属医疗健康行业且输出图像的备案数",
     filings_where("batch_no = 9 and city_code = '420100' and sector = 'healthcare' and "
        ~ puts_out("image"))],
    ["Filings of batch 9 from Wuhan that name medical images",
     "第 9 批中来自武汉且提到医学影像的备案数",
     filings_where("batch_no = 9 and city_code = '420100' and regexp_matches(
        concat(algorithm_name, products, purpose), '影像|医学图像|医疗图像|超声|CT|核磁|内镜')")],
    ["Filings of batch 9 from Wuhan of the sector healthcare",
     "第 9 批中来自武汉、属医疗健康行业的备案数",
     filings_where("batch_no = 9 and city_code = '420100' and sector = 'healthcare'")],
    ["Filings of any batch from Wuhan, of the sector healthcare, that put out images",
     "任一批次中来自武汉、属医疗健康行业且输出图像的备案数",
     filings_where("city_code = '420100' and sector = 'healthcare' and " ~ puts_out("image"))],
  ]) }}

  {% set knows_no_refusals = ["counts no refused application", "未计入未获通过的申请"] %}
  {% for name, batch_no in [["first", 1], ["tenth", 10]] %}
    {{ read(readings, "pass_rate_" ~ name, [
      ["Filings listed, of the applications that a named source counted",
       "列出的备案数与有据可查的申请数之比",
       pass_rate("submissions", batch_no)],
      ["Filings still in force, of those ever listed",
       "仍有效的备案占曾列出的备案的比例",
       pass_rate("in_force", batch_no),
       knows_no_refusals],
      ["Numbers listed, of the numbers issued",
       "列出的编号占已发放编号的比例",
       pass_rate("issued", batch_no),
       knows_no_refusals],
    ]) }}
  {% endfor %}

  {% set names_causes = "regexp_matches(concat(algorithm_name, products, purpose), '因果')" %}
  {{ read(readings, "causal_share_2026", [
    ["Filings announced in 2026 whose name, products or purpose say 因果, of all of that year",
     "2026 年公布的备案中名称、产品或用途含“因果”的比例",
     share_of(names_causes, in_2026)],
    ["Filings of all batches loaded that say 因果, of all",
     "已加载的全部批次中含“因果”的备案比例",
     share_of(names_causes, "true")],
  ]) }}
  {{ read(readings, "dual_track_2026", [
    ["The year of a filing for generative services of its own: the register does not hold it",
     "生成式服务单独备案的年份：备案清单中没有",
     "select null::double as measured_value, count(*) as counted, null::bigint as out_of,
        null::varchar[] as filing_numbers
      from {filings} where list_status = 'listed' and substr(filing_number, 14, 2) <> '01'"],
  ]) }}

  {{ read(readings, "named_nanfang_caijing", [
    ["Filings of 南方财经 for wealth management",
     "南方财经用于理财的备案数",
     filings_where(ten ~ " and entity_name like '%南方财经%' and regexp_matches(
        concat(algorithm_name, purpose), '理财|财富')")],
    ["Filings of 南方财经",
     "南方财经的备案数",
     filings_where(ten ~ " and entity_name like '%南方财经%'")],
  ]) }}
  {{ read(readings, "named_tencent_music", [
    ["Filings of 腾讯音乐 with text as an input and images as the output",
     "腾讯音乐的备案中，输入含文本、输出为图像的数量",
     filings_where(ten ~ " and entity_name like '%腾讯音乐%' and outputs = 'image' and "
        ~ takes_in("text"))],
    ["Filings of 腾讯音乐 whose name says 文生图",
     "腾讯音乐的备案中，名称含“文生图”的数量",
     filings_where(ten ~ " and entity_name like '%腾讯音乐%' and algorithm_name like '%文生图%'")],
  ]) }}
  {{ read(readings, "named_metastudio", [
    ["Filings of 华为云 for MetaStudio that drive a digital human",
     "华为云 MetaStudio 用于驱动数字人的备案数",
     filings_where(ten ~ " and entity_name like '%华为云%' and algorithm_name ilike '%MetaStudio%'
        and algorithm_name like '%数字人%' and algorithm_name like '%驱动%'")],
    ["Filings of 华为云 for MetaStudio",
     "华为云 MetaStudio 的备案数",
     filings_where(ten ~ " and entity_name like '%华为云%'
        and algorithm_name ilike '%MetaStudio%'")],
  ]) }}
  {{ read(readings, "named_anheng", [
    ["Cross-modal filings of 安恒 in batch 10",
     "安恒在第 10 批的跨模态备案数",
     filings_where("batch_no = 10 and entity_name like '%安恒%' and is_cross_modal")],
    ["Filings of 安恒 in batch 10 for threats, intelligence or their display",
     "安恒在第 10 批中涉及威胁、情报或其可视化的备案数",
     filings_where("batch_no = 10 and entity_name like '%安恒%' and
        regexp_matches(concat(algorithm_name, products, purpose), '威胁|情报|可视化|态势')")],
    ["Filings of 安恒 in batch 10, of whatever kind",
     "安恒在第 10 批的备案数，不限类型",
     filings_where("batch_no = 10 and entity_name like '%安恒%'")],
  ]) }}
  {{ read(readings, "named_wanhua", [
    ["Filings of 万华 for materials",
     "万华涉及材料的备案数",
     filings_where(ten ~ " and entity_name like '%万华%' and regexp_matches(
        concat(algorithm_name, purpose), '材料')")],
    ["Filings of 万华",
     "万华的备案数",
     filings_where(ten ~ " and entity_name like '%万华%'")],
  ]) }}
  {{ read(readings, "named_eastmoney", [
    ["Filings of 东方财富 that answer in text on investment or trading",
     "东方财富的备案中，就投资或交易输出文本的数量",
     filings_where(ten ~ " and entity_name like '%东方财富%' and " ~ puts_out("text") ~ " and
        regexp_matches(purpose, '投资|交易|理财')")],
    ["Filings of 东方财富 that name an investment adviser",
     "东方财富的备案中，提到投资顾问的数量",
     filings_where(ten ~ " and entity_name like '%东方财富%' and regexp_matches(
        concat(algorithm_name, products, purpose), '投顾|投资顾问|理财顾问|智能投')")],
    ["Filings of 东方财富",
     "东方财富的备案数",
     filings_where(ten ~ " and entity_name like '%东方财富%'")],
  ]) }}
  {{ read(readings, "named_ernie", [
    ["Filings of 百度 from Beijing whose name says 文心",
     "百度在北京的备案中，名称含“文心”的数量",
     filings_where(ten ~ " and entity_name like '%百度%' and algorithm_name like '%文心%'
        and province_code = '110000'")],
    ["Filings of 百度 whose name or products say 文心",
     "百度的备案中，名称或产品含“文心”的数量",
     filings_where(ten ~ " and entity_name like '%百度%'
        and concat(algorithm_name, products) like '%文心%'")],
  ]) }}
  {{ read(readings, "named_gaotu", [
    ["Filings of 高途, or that name it, of the sector education",
     "高途的、或提到高途的备案中，属教育行业的数量",
     filings_where(ten ~ " and sector = 'education' and
        (entity_name like '%高途%' or concat(algorithm_name, products) like '%高途%')")],
    ["Filings of 高途, or that name it, whose name or purpose says 知识",
     "高途的、或提到高途的备案中，名称或用途含“知识”的数量",
     filings_where(ten ~ " and concat(algorithm_name, purpose) like '%知识%' and
        (entity_name like '%高途%' or concat(algorithm_name, products) like '%高途%')")],
  ]) }}

  {{ return(readings) }}
{% endmacro %}


{# Append the readings of a claim, in order, each as a dictionary. #}
{% macro read(readings, claim_id, definitions) %}
  {% for definition in definitions %}
    {% set why_not = definition[3] if definition | length > 3 else ["", ""] %}
    {% do readings.append({
      "claim_id": claim_id,
      "reading_no": loop.index,
      "definition": definition[0] ~ ".",
      "definition_zh": definition[1] ~ "。",
      "query": definition[2].split() | join(" "),
      "settles_nothing": why_not[0],
      "settles_nothing_zh": why_not[1],
    }) %}
  {% endfor %}
{% endmacro %}
