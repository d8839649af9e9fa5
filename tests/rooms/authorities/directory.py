"""A small directory of an invented country, as a file, for the tests of the room."""

FILE = """\
what,key,country,code,of,name_en,name_fr,person,title,from,address,on,result,demands
institution,xzv-justice,XZV,ministry,,Ministry of Justice,,,,,,,,
post,xzv-minister,XZV,minister_justice,xzv-justice,Minister of Justice,Ministre de la Justice,,,,,,,
occupancy,,,,xzv-minister,,,Yevanna Brill,Ms.,2019-11-02,,,,
check,,,,xzv-minister,,,Yevanna Brill,,2019-11-02,,2026-11-20,ok,
contact_point,,,email,xzv-minister,,,,,,office@justice.example,,,
check,,,email,xzv-minister,,,,,,office@justice.example,2026-11-20,ok,
post,xzv-mayor,XZV,mayor,,Mayor of Karvel,,,,,,,,
"""
MINISTER, MAYOR = "xzv-minister", "xzv-mayor"
PART = "contact_point/email/office@justice.example"
