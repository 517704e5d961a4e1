import re

from odoo.tests import tagged

from ..common.security_compensation import POINTERS_OF_COMPENSATIONS
from ..common.security_confidential import MAIL, NAME, ConfidentialCase
from ..common.security_hiding import POINTERS
from ..common.security_return import POINTERS_OF_RETURNS

# how people write the number
SPELLINGS = (
    "13700007777",
    "137 0000 7777",
    "137-0000-7777",
    "+86 137 0000 7777",
    "+8613700007777",
    "0086-13700007777",
    "137.0000.7777",
    "(137) 0000 7777",
    "137 0000 7777",
    "137–0000–7777",
    "１３７００００７７７７",
    "137/0000/7777",
)
HTML_SPELLINGS = (
    "137&nbsp;0000&nbsp;7777",
    "137<b>0000</b>7777",
    "Zhuo&nbsp;Wenjun",
    "<b>Zhuo</b> Wenjun",
    "ZHUO  WENJUN",
)


def digits(text):
    """Only the digits of ``text``, full-width ones too."""
    return "".join(str(int(char)) for char in re.sub(r'<[^>]*>|&\w+;', '', text) if char.isdecimal())


@tagged('post_install', '-at_install')
class TestSecurityHidingConfidential(ConfidentialCase):
    def test_hanging_is_complete(self):
        """What is swept for staff cases is looked through here as well."""
        case = self._reported()
        self._hang_on(case)
        found = self._hanging(case)
        swept = {model for model, (how, _names) in POINTERS.items() if how == 'swept'}
        self.assertEqual(
            swept
            - set(found)
            - {*POINTERS_OF_RETURNS, *POINTERS_OF_COMPENSATIONS},  # a confidential complaint has neither
            {'cs.complaint.identity', 'cs.complaint.link'},
            "add what is new to _hang_on and _hanging",
        )
        for model, records in found.items():
            self.assertTrue(records, model)

    def test_nothing_stored_at_creation(self):
        case = self._reported(confidential=True)
        self._check_clean(case)
        self.told()
        self.assertIn(NAME, self.rows('cs.complaint.identity', case_id=case.ids).contact_name, "control")

    def test_nothing_stored_when_made_later(self):
        case = self._reported()
        self._hang_on(case)
        self._name_everywhere(case)
        self.where = ('control',)
        self._check_clean(case)
        before, self.leaks = set(self.leaks), type(self.leaks)(list)
        self.assertGreater(len(before), 25)
        case.with_user(self.agent).action_make_confidential(reason=f"{NAME} asks for it.")
        self.env.flush_all()
        self.env.cr.flush()
        self.env.invalidate_all()
        self.where = ('anybody',)
        self._check_clean(case)
        self.told()

    def test_spellings(self):
        for spelling in (*SPELLINGS, *HTML_SPELLINGS):
            html = spelling in HTML_SPELLINGS
            case = self._register(partner_id=self.reporter.id, description=spelling, demand=f"Call {spelling}!")
            message = case.message_post(body="x").sudo()
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE mail_message SET body = %s WHERE id = %s", [f"<p>Call {spelling}!</p>", message.id]
            )
            self.env.invalidate_all()
            case.action_make_confidential(reason=f"Call {spelling}!" if not html else "x")
            self.env.flush_all()
            self.env.invalidate_all()
            texts = (
                [message.body]
                if html
                else [case.description, case.demand, message.body, case.sudo().step_ids[-1].words]
            )
            for text in texts:
                plain = re.sub(
                    r'\s+', ' ', re.sub(r'<[^>]*>', '', str(text)).replace('&nbsp;', ' ').replace('\xa0', ' ')
                ).lower()
                if digits(str(text)).endswith('7777') or NAME.lower() in plain:
                    self.leak(spelling, text[:40], text)
        self.told()

    def test_words_typed_at_creation(self):
        case = self._reported(
            confidential=True, description=f"{NAME} called from 137-0000-7777.", demand=f"Call {NAME}."
        )
        self._check_clean(case)
        self.told()

    def test_later_answers_of_the_reporter(self):
        """What the mail gateway or the portal adds is not signed with the name."""
        case = self._reported(confidential=True)
        case.sudo().message_post(
            body="I wait.",
            author_id=self.reporter.id,
            email_from=f'"{NAME}" <{MAIL}>',
            message_type='email',
            subtype_xmlid='mail.mt_comment',
        )
        self.env.flush_all()
        self._check_clean(case)
        self.told()
