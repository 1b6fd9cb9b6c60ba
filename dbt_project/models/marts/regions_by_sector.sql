{{ location_quotients(["province_code", "province_name", "province_name_en"]) }}
