"""The public site for a server that speaks WSGI."""

import os

from django.core.wsgi import get_wsgi_application

from tocsin.config.confining import confine

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tocsin.config.settings_publishing")
application = get_wsgi_application()
confine()
