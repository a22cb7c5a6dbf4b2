"""Operations of migrations that Django lacks. What stands here stays: migrations of years ago name it."""

from typing import Any

from django.db.migrations.operations.base import Operation


class NoIndexOfItsOwn(Operation):
    """Drops the index that Django gave a foreign key, where another index begins with the same column.

    AlterField would drop the foreign key as well and check every row of it again, under a lock, in each branch; and it
    draws half of all models anew each time. Takes names of fields by the name of their model.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, **fields: list[str]) -> None:
        self.fields = fields

    def state_forwards(self, app_label: str, state: Any) -> None:
        for model, names in self.fields.items():
            known = state.models[app_label, model].fields
            for name in names:
                known[name] = known[name].clone()
                known[name].db_index = False

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for name, model, _ in self._indexes(app_label, schema_editor, from_state):
            schema_editor.execute(schema_editor._delete_index_sql(model, name))

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for name, model, field in self._indexes(app_label, schema_editor, from_state):
            schema_editor.execute(schema_editor._create_index_sql(model, fields=[field], name=name))

    def describe(self) -> str:
        return "Drop what only repeats the beginning of another index"

    def _indexes(self, app_label: str, editor: Any, state: Any) -> list[tuple[str, Any, Any]]:
        """Name as Django makes it, model and field."""
        models = {model: state.apps.get_model(app_label, model) for model in self.fields}
        alias = editor.connection.alias
        return [
            (editor._create_index_name(model._meta.db_table, [model._meta.get_field(name).column]), model,
             model._meta.get_field(name))
            for key, model in models.items() if self.allow_migrate_model(alias, model)
            for name in self.fields[key]
        ]  # fmt: skip
