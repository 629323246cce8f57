"""Where static files are kept once they are collected."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Names with a hash of the content, in templates, in CSS, and where one JavaScript module imports another."""

    support_js_module_import_aggregation = True
