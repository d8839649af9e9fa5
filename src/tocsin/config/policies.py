"""What both processes, desk and public, ask browsers to keep to."""

_SELF = ["'self'"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "style-src": _SELF,
        "img-src": _SELF,
        "font-src": _SELF,
        "form-action": _SELF,
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}
HSTS_SECONDS = 63_072_000
# Only a trusted proxy's word reaches this setting: the middleware `Proxy` takes everybody else's away.
FORWARDED_PROTO = ("HTTP_X_FORWARDED_PROTO", "https")
# A file is held in memory until it is sealed: Django's other way writes it into a folder for all, in clear.
UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
