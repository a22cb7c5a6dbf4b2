"""A refusal as one text for a page that has no field to put it at."""

from steppe.kernel.errors import DomainError, Invalid


def sentences(refusal: DomainError) -> str:
    """Every sentence of it: those of the fields, or its own."""
    told = (
        [sentence for several in refusal.fields.values() for sentence in several]
        if isinstance(refusal, Invalid)
        else []
    )
    return " ".join(told) or refusal.sentence
