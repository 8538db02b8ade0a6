"""`python -m contracts.schemas`: write the schemas that the table of modes gives."""

from contracts import schemas

if __name__ == "__main__":
    for name, schema in schemas.generated():
        (schemas.FOLDER / name).write_text(schemas.text(schema), encoding="utf-8")
