"""Static files with their content's hash in the name, ES module imports included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]


class HashedStorage(CompressedManifestStaticFilesStorage):
    """Every file may be cached for ever; a page never mixes two releases of our modules."""

    support_js_module_import_aggregation = True
