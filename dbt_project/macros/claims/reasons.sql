{#
  Reasons why a measure does not decide a claim: code, English text and Chinese text. The texts are
  SQL expressions over the columns of `compared` in the model `article_claim_readings`, which
  determines the code. With `not_in_register` the claim is not measurable, with any other code it is
  inconclusive.
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
    "lists_not_loaded": [
        "'lists that this measure requires are missing: ' || lists_missing",
        "'该口径所需的清单中，有 ' || lists_missing || ' 份尚未加载'",
    ],
    "not_in_register": ["'the registers do not contain this'", "'各类备案清单中都没有这项信息'"],
    "too_few_for_growth": [
        "'the earlier period has ' || out_of || ', too few to measure growth; the later one has '
            || counted",
        "'前期只有 ' || out_of || ' 项，不足以计算增长率；后期为 ' || counted || ' 项'",
    ],
    "nothing_loaded": [
        "'no data of ' || scope || ' is loaded'",
        "scope_zh || '的数据尚未加载，无法测算'",
    ],
    "settles_nothing": ["settles_nothing", "settles_nothing_zh"],
    "period_not_over": [
        "'the value covers only part of ' || scope || ': the last list loaded is of '
            || last_list_month || ', and none after ' || period_end || ' is loaded yet'",
        "scope_zh || '的清单尚未全部加载，数值只涵盖其中一部分：已加载的最近一份清单为 '
            || last_list_month || '，还没有 ' || period_end || ' 之后的清单'",
    ],
    "supports_nothing": [
        "case when agrees then 'the value agrees, but ' else 'the value differs, but ' end
            || supports_nothing",
        "case when agrees then '数值相符，但' else '数值不符，但' end || supports_nothing_zh",
    ],
    "within_reading_error": [
        "case
            when value_low is null
                then 'the difference is within the error of reading ('
                    || reading_error::decimal(4, 1) || ' percentage points)'
            when value_high is null
                then 'with the errors of reading, the value is at least ' || printf('%.1f %%', value_low)
            else 'with the errors of reading, the value lies between '
                || printf('%.1f %% and %.1f %%', value_low, value_high)
        end",
        "case
            when value_low is null
                then '与论断的差距在审读误差（' || reading_error::decimal(4, 1) || ' 个百分点）之内'
            when value_high is null
                then '考虑审读误差，数值不低于 ' || printf('%.1f%%', value_low)
            else '考虑审读误差，数值在 ' || printf('%.1f%% 至 %.1f%%', value_low, value_high) || ' 之间'
        end",
    ],
  }) }}
{% endmacro %}
