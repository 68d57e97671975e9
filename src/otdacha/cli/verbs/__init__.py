"""The verbs in the order in which they are used."""

from otdacha.cli.verb import Verb
from otdacha.cli.verbs.add import ADD
from otdacha.cli.verbs.check import CHECK
from otdacha.cli.verbs.demo import DEMO
from otdacha.cli.verbs.diff import DIFF
from otdacha.cli.verbs.erratum import ERRATUM
from otdacha.cli.verbs.evaluate import EVALUATE
from otdacha.cli.verbs.export import EXPORT
from otdacha.cli.verbs.finish import FINISH
from otdacha.cli.verbs.init import INIT
from otdacha.cli.verbs.letter import LETTER
from otdacha.cli.verbs.names import NAMES
from otdacha.cli.verbs.passport import PASSPORT
from otdacha.cli.verbs.pay import PAY
from otdacha.cli.verbs.people import PEOPLE
from otdacha.cli.verbs.plan import PLAN
from otdacha.cli.verbs.profile import PROFILE
from otdacha.cli.verbs.publish import PUBLISH
from otdacha.cli.verbs.rank import RANK
from otdacha.cli.verbs.rejected import REJECTED
from otdacha.cli.verbs.reply import REPLY
from otdacha.cli.verbs.report import REPORT
from otdacha.cli.verbs.rotate_key import ROTATE_KEY
from otdacha.cli.verbs.serve import SERVE
from otdacha.cli.verbs.show import SHOW
from otdacha.cli.verbs.spent import SPENT
from otdacha.cli.verbs.template import TEMPLATE
from otdacha.cli.verbs.value_added import VALUE_ADDED
from otdacha.cli.verbs.verify import VERIFY
from otdacha.cli.verbs.wages import WAGES
from otdacha.cli.verbs.why import WHY
from otdacha.cli.verbs.withdraw import WITHDRAW
from otdacha.cli.verbs.workbook import WORKBOOK

VERBS: tuple[Verb, ...] = (
    DEMO,
    INIT,
    TEMPLATE,
    PROFILE,
    ADD,
    REJECTED,
    WITHDRAW,
    CHECK,
    PEOPLE,
    EVALUATE,
    SHOW,
    DIFF,
    REPORT,
    EXPORT,
    VERIFY,
    PLAN,
    PASSPORT,
    LETTER,
    WORKBOOK,
    NAMES,
    SPENT,
    FINISH,
    WAGES,
    PAY,
    WHY,
    PUBLISH,
    SERVE,
    REPLY,
    ERRATUM,
    RANK,
    VALUE_ADDED,
    ROTATE_KEY,
)
