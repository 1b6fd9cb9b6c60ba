{#
  Why a measure of a claim settles nothing: each reason's code with its wording in English and in
  Chinese, as SQL over the columns of `compared` in the model `article_claim_readings`, which
  decides the code.
#}
{% macro claim_reasons() %}
  {{ return({
    "batch_not_loaded": [
        "'batch ' || first_batch || ', of which the claim speaks, is not loaded'",
        "'论断所说的第 ' || first_batch || ' 批尚未加载'",
    ],
    "batches_not_loaded": [
        "batches_missing || ' of the batches ' || first_batch || ' to ' || last_batch
            || ', of which the claim speaks, are not loaded'",
        "'论断所说的第 ' || first_batch || ' 至 ' || last_batch || ' 批中，有 '
            || batches_missing || ' 批尚未加载'",
    ],
    "not_in_register": ["'the register does not hold it'", "'备案清单中没有这项信息'"],
    "too_few_for_growth": [
        "out_of || ' in the earlier period and ' || counted
            || ' in the later are too few for a growth'",
        "'前期 ' || out_of || '、后期 ' || counted || '，数量太少，不足以计算增长率'",
    ],
    "nothing_loaded": [
        "'nothing of ' || scope || ' is loaded to measure it on'",
        "scope_zh || '的数据尚未加载，无从测算'",
    ],
    "settles_nothing": ["settles_nothing", "settles_nothing_zh"],
    "within_reading_error": [
        "'the difference is within the error with which filings are read ('
            || reading_error::decimal(4, 1) || ' points)'",
        "'与论断的差距在判读误差（' || reading_error::decimal(4, 1) || ' 个百分点）之内'",
    ],
  }) }}
{% endmacro %}
