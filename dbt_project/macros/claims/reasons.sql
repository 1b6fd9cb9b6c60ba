{#
  Reasons why a measure of a claim is inconclusive: code, English text and Chinese text. The texts
  are SQL expressions over the columns of `compared` in the model `article_claim_readings`, which
  determines the code.
#}
{% macro claim_reasons() %}
  {{ return({
    "batch_not_loaded": [
        "'batch ' || first_batch || ', which the claim is about, is not loaded'",
        "'论断涉及的第 ' || first_batch || ' 批尚未加载'",
    ],
    "batches_not_loaded": [
        "'of batches ' || first_batch || ' to ' || last_batch
            || ', which the claim is about, ' || batches_missing || ' not loaded'",
        "'论断涉及的第 ' || first_batch || ' 至 ' || last_batch || ' 批中，有 '
            || batches_missing || ' 批尚未加载'",
    ],
    "not_in_register": ["'the register does not contain this'", "'备案清单中没有这项信息'"],
    "too_few_for_growth": [
        "out_of || ' in the earlier period and ' || counted
            || ' in the later one are too few to measure growth'",
        "'前期 ' || out_of || '、后期 ' || counted || '，数量太少，不足以计算增长率'",
    ],
    "nothing_loaded": [
        "'no data of ' || scope || ' is loaded'",
        "scope_zh || '的数据尚未加载，无法测算'",
    ],
    "settles_nothing": ["settles_nothing", "settles_nothing_zh"],
    "within_reading_error": [
        "'the difference is within the error of the classification ('
            || reading_error::decimal(4, 1) || ' percentage points)'",
        "'与论断的差距在分类误差（' || reading_error::decimal(4, 1) || ' 个百分点）之内'",
    ],
  }) }}
{% endmacro %}
