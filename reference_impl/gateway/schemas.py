"""Schema validation for openapi-core: one validator for each schema, and jsonschema-rs to judge values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import jsonschema_rs
from jsonschema_rs import ValidationErrorKind as Kind
from openapi_core.casting.schemas import oas31_casters_dict
from openapi_core.casting.schemas.casters import AnyCaster, IntegerCaster, PrimitiveCaster, TypesCaster
from openapi_core.validation.schemas import oas31_schema_validators_factory
from openapi_core.validation.schemas.exceptions import InvalidSchemaValue
from openapi_core.validation.schemas.factories import DialectSchemaValidatorsFactory
from openapi_core.validation.schemas.validators import SchemaValidator
from openapi_schema_validator import OAS31_BASE_DIALECT_ID, OAS31Validator

from reference_impl.domain.refusals import Offence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jsonschema_path import SchemaPath


DECIMAL = re.compile("-?[0-9]+")


class DecimalCaster(IntegerCaster):
    """Integers as JSON writes them; Python reads 1_0, +1 and digits of other scripts, too."""

    def cast(self, value: str | bytes) -> int:
        if not DECIMAL.fullmatch(str(value)):
            raise ValueError(value)
        return super().cast(value)


CASTERS = TypesCaster({**oas31_casters_dict, "integer": DecimalCaster}, AnyCaster, multi=PrimitiveCaster)


class FastSchemaValidator(SchemaValidator):
    """Judges values with a compiled schema; `schema_errors` are those of jsonschema-rs."""

    def __init__(self, slow: SchemaValidator, compiled: jsonschema_rs.Draft202012Validator) -> None:
        super().__init__(slow.schema, slow.validator)
        self.compiled = compiled

    def validate(self, value: Any) -> None:
        if not self.compiled.is_valid(value):
            raise InvalidSchemaValue(value, "any", schema_errors=tuple(self.compiled.iter_errors(value)))


class SchemaValidators(DialectSchemaValidatorsFactory):
    """Makes the validator of each schema once; openapi-core alone would make it anew for each value."""

    def __init__(self) -> None:
        checker = oas31_schema_validators_factory.format_checker
        super().__init__(OAS31Validator, OAS31_BASE_DIALECT_ID, format_checker=checker)
        self._made: dict[int, FastSchemaValidator] = {}

    def create(self, spec: SchemaPath, schema: SchemaPath, *args: Any, **options: Any) -> SchemaValidator:
        with schema.resolve() as resolved:
            contents: Any = resolved.contents
        made = self._made.get(id(contents))
        if made is None:
            compiled = jsonschema_rs.Draft202012Validator(contents, validate_formats=True)
            made = FastSchemaValidator(super().create(spec, schema, *args, **options), compiled)
            self._made[id(contents)] = made
        return made


def offences(errors: tuple[Any, ...]) -> Iterator[Offence]:
    """Each offending member of a body by its JSON Pointer; also those that are missing or not expected."""
    for error in errors:
        for name in members(error):
            path = [*error.instance_path, *name]
            yield Offence(pointer="".join(f"/{escaped(str(each))}" for each in path), detail=words(error))


def members(error: Any) -> list[tuple[str, ...]]:
    match error.kind:
        case Kind.Required(property=name):
            return [(name,)]
        case Kind.AdditionalProperties(unexpected=names):
            return [(name,) for name in names]
    return [()]


def words(error: Any) -> str:
    """What is wrong, without quoting what was sent."""
    match error.kind:
        case Kind.Required():
            return "is missing"
        case Kind.AdditionalProperties():
            return "is not a member that is expected here"
        case Kind.Type(types=types):
            return f"is not of type {' or '.join(types)}"
        case Kind.Format(format=name):
            return f"is not a {name}"
    return f"breaks the rule {error.kind.name}"


def escaped(segment: str) -> str:
    return segment.replace("~", "~0").replace("/", "~1")
