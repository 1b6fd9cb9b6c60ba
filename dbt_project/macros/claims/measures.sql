{#
  The queries that measure the claims of the seed `claims`, as a list of {claim_id, measure_no,
  query}; what each measures is described in the seed `claim_measures`. Counts are of listed filings,
  cancelled ones included.

  A claim has several measures. The first decides its verdict: the plainest that the article's words
  allow, and where they leave it open (which regions are a tier? which filing is meant?) the one most
  favourable to the article. The others show how much depends on that choice.
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
