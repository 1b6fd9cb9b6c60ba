{{ location_quotients([
    "city_code", "city_name", "city_name_en", "province_code", "province_name", "province_name_en",
]) }}
