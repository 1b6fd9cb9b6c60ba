{#
  Queries that measure the claims of the seed `claims`, as a list of {claim_id, measure_no, query}.
  The seed `claim_measures` describes each. They count listed filings, including cancelled ones.

  A claim has several measures. The first decides its verdict: it is the most direct one that the
  article's wording allows or, if the wording is ambiguous (which regions form a tier? which filing
  is meant?), the one most favourable to the article. The others are alternative measures.
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
