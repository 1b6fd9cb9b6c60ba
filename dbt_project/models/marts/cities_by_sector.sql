{{ location_quotients(["city_code", "city_name", "province_code", "province_name"]) }}
