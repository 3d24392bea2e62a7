"""What every Word document of ours asks of python-docx."""

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE


def drop_thumbnail(document: Document) -> None:
    """Take out the picture of another document's first page, which python-docx's template carries."""
    package = document.part.package
    for name, relation in list(package.rels.items()):
        if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL:
            del package.rels[name]
