"""The rules for OpenFisca and for PolicyEngine, which began as a fork of it: a variable a fact, a
variable with a formula a rule.

Their best use: facts are set as whole arrays, the populations are made once, so that only the
formulas are timed, and the facts of the household are brought to its members once, in variables of
their own, not in every formula.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from benchmarks.crowd import Crowd
from benchmarks.peers import Contestant, Matrix
from benchmarks.rules import GRADES, HOME_TRUTHS, NUMBERS, TRUTHS, Atom, Rule, infix

MONTH = "2018-10"


class FiscaPeer(Contestant):
    package: str
    """The module that both have in the same shape."""
    enum_module: str

    def prepare(self, rules: list[Rule], crowd: Crowd) -> None:
        self.rules = [f"rule_{number}" for number in range(len(rules))]
        self.worked_out = [*self.rules, *map(_of_person, HOME_TRUTHS)]
        system = self._system(rules)
        builder = import_module(
            f"{self.package}.simulations.simulation_builder"
        ).SimulationBuilder()
        builder.create_entities(system)
        builder.declare_person_entity("person", np.arange(len(crowd.of)))
        household = builder.declare_entity("household", np.arange(len(crowd)))
        builder.join_with_persons(household, crowd.of, np.full(len(crowd.of), "member"))
        self.simulation = builder.build(system)
        for name, column in {**crowd.home, **crowd.person}.items():
            self.simulation.set_input(name, MONTH, self._input(system, name, column))

    def run(self) -> object:
        for variable in self.worked_out:
            self.simulation.delete_arrays(variable)
        return [self.simulation.calculate(rule, MONTH) for rule in self.rules]

    def matrix(self, found: object) -> Matrix:
        return np.column_stack(cast("list[NDArray[np.bool_]]", found))

    def _input(self, system: Any, name: str, column: NDArray[Any]) -> object:
        return (
            system.get_variable("grade").possible_values.encode(np.array(GRADES)[column])
            if name == "grade"
            else column
        )

    def _system(self, rules: list[Rule]) -> Any:
        """A system of person and household, with its variables."""
        entities, periods = (
            import_module(f"{self.package}.entities"),
            import_module(f"{self.package}.periods"),
        )
        variables, enums = (
            import_module(f"{self.package}.variables"),
            import_module(self.enum_module),
        )
        system_class = import_module(f"{self.package}.taxbenefitsystems").TaxBenefitSystem
        roles = [{"key": "member", "plural": "members", "label": "member"}]
        household = entities.build_entity("household", "households", "household", roles=roles)
        person = entities.build_entity("person", "persons", "person", is_person=True)
        system = system_class([person, household])
        grade = enums.Enum("Grade", {name: name for name in GRADES})

        def add(name: str, entity: object, kind: object, **more: object) -> None:
            common = {
                "value_type": kind,
                "entity": entity,
                "definition_period": periods.MONTH,
                "label": name,
            }
            system.add_variable(type(name, (variables.Variable,), common | more))

        def formula(python: str) -> Any:
            namespace: dict[str, Any] = {"Grade": grade}
            exec(f"def formula(person, period):\n    return {python}", namespace)
            return namespace["formula"]

        for name in HOME_TRUTHS:
            add(name, household, bool)
            add(
                _of_person(name),
                person,
                bool,
                formula=formula(f"person.household({name!r}, period)"),
            )
        for name in TRUTHS:
            add(name, person, bool)
        for name in (*NUMBERS, "age"):
            add(name, person, int)
        add("grade", person, enums.Enum, possible_values=grade, default_value=grade["none"])
        for number, rule in enumerate(rules):
            add(f"rule_{number}", person, bool, formula=formula(infix(rule, _leaf, "&", "|", "~")))
        return system


def _of_person(name: str) -> str:
    return f"person_{name}"


def _leaf(atom: Atom) -> str:
    name = _of_person(atom.name) if atom.kind == "home" else atom.name
    column = f"person({name!r}, period)"
    if atom.kind == "number":
        return f"({column} {atom.sign} {atom.limit})"
    if atom.kind == "grade":
        return f"({' | '.join(f'({column} == Grade.{grade})' for grade in atom.grades)})"
    return column
