"""Requests and responses are what the contract describes; openapi-core judges."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from jsonschema_path import SchemaPath
from openapi_core.casting.schemas.factories import SchemaCastersFactory
from openapi_core.datatypes import RequestParameters
from openapi_core.templating.paths.datatypes import PathOperationServer
from openapi_core.templating.paths.finders import APICallPathFinder
from openapi_core.unmarshalling.request.unmarshallers import V31RequestParametersUnmarshaller
from openapi_core.validation.request.exceptions import ParameterValidationError
from openapi_core.validation.request.validators import V31RequestBodyValidator
from openapi_core.validation.response.validators import V31ResponseValidator
from openapi_core.validation.schemas.exceptions import InvalidSchemaValue
from werkzeug.datastructures import Headers, ImmutableMultiDict

from reference_impl.contract import FORM
from reference_impl.domain.refusals import Offence, RefusalError, invalid, malformed, not_found
from reference_impl.gateway.schemas import CASTERS, SchemaValidators, offences, words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response

    from reference_impl.contract import Contract, Operation
    from reference_impl.gateway.bodies import Bodies
    from reference_impl.gateway.call import Call

CACHED_PATHS = 1 << 16  # more than the contract has nodes


class RoutedPathFinder(APICallPathFinder):
    """Takes the path pattern as given: Flask has found the operation already."""

    def find(self, method: str, name: str) -> PathOperationServer:
        path = self.spec / "paths" / name
        return PathOperationServer(path, path / method, None, SimpleNamespace(variables={}), None)


@dataclass
class RoutedRequest:
    """A request in the form that openapi-core reads."""

    parameters: RequestParameters
    method: str
    path: str
    body: bytes | None
    content_type: str
    host_url: str = ""

    @classmethod
    def bare(cls, operation: Operation) -> RoutedRequest:
        """Enough to find what the operation describes."""
        return cls(RequestParameters(), operation.method, operation.path, None, "")

    @classmethod
    def with_parameters(cls, call: Call) -> RoutedRequest:
        parameters = RequestParameters(
            query=ImmutableMultiDict(call.request.args),
            header=Headers(call.request.headers.to_wsgi_list()),
            path=dict(call.path),
        )
        return cls(parameters, call.operation.method, call.operation.path, None, "")

    @classmethod
    def with_body(cls, call: Call) -> RoutedRequest:
        """The media type is the declared one: `Bodies` has judged it."""
        operation, content = call.operation, call.request.get_data()
        return cls(RequestParameters(), operation.method, operation.path, content, operation.media_types[0])


class Schemas:
    """The validators of openapi-core, made for one contract."""

    def __init__(self, contract: Contract, bodies: Bodies) -> None:
        spec = SchemaPath.from_dict(dict(contract.document), resolved_cache_maxsize=CACHED_PATHS)
        validators = SchemaValidators()
        options: dict[str, Any] = {
            "path_finder_cls": RoutedPathFinder,
            "schema_validators_factory": validators,
            "schema_casters_factory": SchemaCastersFactory(validators, CASTERS),
            "extra_media_type_deserializers": dict.fromkeys(json_media_types(contract), bodies.parse),
        }
        self.parameters = V31RequestParametersUnmarshaller(spec, **options)
        self.body = V31RequestBodyValidator(spec, **options)
        self.response = V31ResponseValidator(spec, **options)


def json_media_types(contract: Contract) -> set[str]:
    found: set[str] = {"application/problem+json", "application/json"}
    return found.union(*(each.media_types for each in contract.operations.values())) - {FORM}


class RequestValidation:
    """Parameters and bodies of requests."""

    def __init__(self, schemas: Schemas) -> None:
        self.schemas = schemas

    def parameters(self, call: Call) -> Mapping[str, Any]:
        """The query parameters as the contract types them; raises the refusal of those that are wrong."""
        result = self.schemas.parameters.unmarshal(RoutedRequest.with_parameters(call))
        found = [error for error in result.errors if isinstance(error, ParameterValidationError)]
        wrong = [error for error in found if self.judges(error.name, call)]
        if any(error.location == "path" for error in wrong):
            raise not_found()
        if offences := [*map(self.offence, wrong), *self.repeated(call)]:
            raise self.refuse_parameters(offences)
        return result.parameters.query

    def repeated(self, call: Call) -> list[Offence]:
        """Parameters that are given more than once; none takes a list. At the authorization server it is the judge."""
        given = call.request.args.lists() if call.operation.protected else ()
        return [Offence(parameter=name, detail="is given more than once") for name, values in given if len(values) > 1]

    def judges(self, parameter: str, call: Call) -> bool:
        """Whether it is not judged elsewhere: a key by `IdempotencyKeys`, a missing tag by `Preconditions`."""
        declared = call.operation.idempotency
        is_key = declared is not None and parameter == declared["header"]
        return not is_key and not (parameter == "If-Match" and parameter not in call.request.headers)

    def body(self, call: Call) -> None:
        """Raises the refusal of a body that breaks its schema."""
        for error in self.schemas.body.iter_errors(RoutedRequest.with_body(call)):
            found = error.__cause__
            if isinstance(found, InvalidSchemaValue):
                raise self.refuse_body(tuple(offences(tuple(found.schema_errors))))
            raise malformed("The body is missing or cannot be read.")

    def refuse_parameters(self, found: list[Offence]) -> RefusalError:
        return malformed("; ".join(map(str, found)), *found)

    def refuse_body(self, found: tuple[Offence, ...]) -> RefusalError:
        return invalid(*found)

    def offence(self, error: ParameterValidationError) -> Offence:
        found = error.__cause__
        if isinstance(found, InvalidSchemaValue):
            return Offence(parameter=error.name, detail="; ".join(words(each) for each in found.schema_errors))
        return Offence(parameter=error.name, detail="is missing or cannot be read")


class BrokenContractError(Exception):
    """An answer that the contract does not describe."""


class ResponseValidation:
    """Answers: one that breaks the contract is our own fault, and is not sent."""

    def __init__(self, schemas: Schemas) -> None:
        self.schemas = schemas

    def check(self, operation: Operation, response: Response) -> None:
        """Raises `BrokenContractError` with what is wrong."""
        request = RoutedRequest.bare(operation)
        for error in self.schemas.response.iter_errors(request, RoutedResponse(response)):
            raise BrokenContractError(f"{operation.id} {response.status_code}: {error!r}") from error


class RoutedResponse:
    """A response in the form that openapi-core reads."""

    def __init__(self, response: Response) -> None:
        self.status_code = response.status_code
        self.headers = response.headers
        self.content_type = response.mimetype or ""
        self.data = response.get_data()
