"""The desk for a server that speaks ASGI."""

import os

from django.core.asgi import get_asgi_application

from tocsin.adapters.collecting import collect_seldom
from tocsin.config.confining import confine

collect_seldom()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tocsin.config.settings")
application = get_asgi_application()
confine()
