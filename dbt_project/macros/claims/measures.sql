{#
  Queries that measure the claims of the seed `claims`, as a list of {claim_id, measure_no, query}.
  The seed `claim_measures` describes each. They count listed filings, including cancelled ones.

  A claim has several measures. The first decides its verdict: it is the most direct one that the
  article's wording allows. The others are alternative measures. A measure supports a claim only if it
  counts what the article claims. In the seed, `supports_nothing` marks those that count something
  else. Such a measure can contradict only an `at_least` or `exists` claim, so it must count at least
  what is claimed. `settles_nothing` marks those that neither support nor contradict a claim, such as
  a cut that was chosen because its value comes close.
#}
{% macro claim_measures() %}
  {% set queries = {} %}
  {% do queries.update(queries_of_totals()) %}
  {% do queries.update(queries_of_sectors()) %}
  {% do queries.update(queries_of_places()) %}
  {% do queries.update(queries_of_named_systems()) %}
  {% set measures = [] %}
  {% for claim_id, of_claim in queries.items() %}
    {% for query in of_claim %}
      {% do measures.append({
        "claim_id": claim_id, "measure_no": loop.index, "query": query.split() | join(" "),
      }) %}
    {% endfor %}
  {% endfor %}
  {{ return(measures) }}
{% endmacro %}
