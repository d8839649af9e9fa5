"""The desk for a server that speaks WSGI."""

import os

from django.core.wsgi import get_wsgi_application

from tocsin.adapters.collecting import collect_seldom
from tocsin.config.confining import confine

collect_seldom()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tocsin.config.settings")
application = get_wsgi_application()
confine()
