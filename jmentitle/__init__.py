"""jmentitle tells a household what it is owed: services, subsidies and offices, why and why not,
and what is still missing.

from jmentitle import load_pack
pack = load_pack("jingmen")
assessment = pack.assess({"members": [{"birth_date": "1950-03-01"}]}, on=date(2018, 10, 15))
"""

from typing import TYPE_CHECKING

from jmentitle.public import DOORS, attribute

if TYPE_CHECKING:
    from jmentitle.api import Pack as Pack
    from jmentitle.api import load_pack as load_pack
    from jmentitle.assessment.models import Assessment as Assessment
    from jmentitle.assessment.models import BenefitResult as BenefitResult
    from jmentitle.assessment.models import ItemResult as ItemResult
    from jmentitle.assessment.models import Plan as Plan
    from jmentitle.assessment.replay import as_json as as_json
    from jmentitle.assessment.replay import read_record as read_record
    from jmentitle.chain.outcome import Outcome as Outcome
    from jmentitle.errors import ArgumentError as ArgumentError
    from jmentitle.errors import EngineUnavailableError as EngineUnavailableError
    from jmentitle.errors import ExtraMissingError as ExtraMissingError
    from jmentitle.errors import HouseholdError as HouseholdError
    from jmentitle.errors import InputError as InputError
    from jmentitle.errors import JmentitleError as JmentitleError
    from jmentitle.errors import OutputError as OutputError
    from jmentitle.errors import PackError as PackError
    from jmentitle.language.diagnostics import Diagnostic as Diagnostic
    from jmentitle.pack.text import Text as Text
    from jmentitle.profile.schema import household_schema as household_schema
    from jmentitle.profile.validation import Profile as Profile
    from jmentitle.profile.validation import parse_text as parse_text
    from jmentitle.render.rule import Rule as Rule
    from jmentitle.views.counterfactual.models import Counterfactuals as Counterfactuals
    from jmentitle.views.diff import Diff as Diff
    from jmentitle.views.diff import diff as diff
    from jmentitle.views.explain.explanation import Explanation as Explanation
    from jmentitle.views.explain.explanation import Explanations as Explanations
    from jmentitle.views.timeline.models import Timeline as Timeline
else:

    def __getattr__(name: str) -> object:
        return attribute(__name__, name)


__version__ = "0.1.0"

__all__ = ["__version__", *DOORS[__name__]]


def __dir__() -> list[str]:
    return sorted(__all__)
