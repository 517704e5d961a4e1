from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user

from .security_hiding import CASE, HidingCase

NAME, PHONE, MAIL, CONTRACT = "Zhuo Wenjun", "+86 137 0000 7777", "zhuo.wenjun@example.com", "HT-88-1207"
# texts of a complaint and of what hangs on it that people do not write: not looked through, every other one is
TECHNICAL = {
    'cs.complaint': 'name access_token archive_ref booth state kind channel phone_sanitized',
    'cs.complaint.step': 'method from_state to_state',
    'cs.clock': 'stop_event stopped_by',
    'cs.revisit': 'name access_token',
    'cs.revisit.step': 'method from_state to_state',
    'mail.message': 'model message_id email_layout_xmlid',
    'mail.activity': 'res_model res_name',
    'mail.followers': 'res_model',
    'mail.mail': 'message_id headers references',
    'mail.scheduled.message': 'model notification_parameters',
    'mail.message.reaction': 'content',
    'mail.message.translation': 'source_lang target_lang',
    'mail.notification': 'sms_number sms_id_int',
    'ir.attachment': 'res_model res_field store_fname checksum mimetype index_content access_token url',
    'rating.rating': 'res_model parent_res_model access_token res_name parent_res_name resource_ref parent_ref',
}


class ConfidentialCase(HidingCase):
    """A reporter with an order and a login; an heir hangs everything on a complaint of his and looks for him."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref('base.group_user').implied_ids += cls.env.ref('base.group_allow_export')
        cls.reporter = cls.env['res.partner'].create(
            {'name': NAME, 'phone': PHONE, 'email': MAIL, 'country_id': cls.env.ref('base.cn').id}
        )
        cls.portal = new_test_user(
            cls.env,
            login='test_cs_reporter',
            groups='base.group_portal',
            partner_id=cls.reporter.id,
            name=NAME,
            email=MAIL,
        )
        cls.secret_order = cls.env['sale.order'].create(
            {
                'company_id': cls.company.id,
                'partner_id': cls.reporter.id,
                'merchant_id': cls.merchant.id,
                'order_line': [Command.create({'product_id': cls.product.id})],
            }
        )
        cls.traces = (NAME, MAIL, CONTRACT, cls.secret_order.name, "00007777", "0000 7777", "0000-7777", "**7777")
        cls.of_reporter = {
            'res.users': cls.portal.ids,
            'res.partner': cls.reporter.ids,
            'sale.order': cls.secret_order.ids,
            'sale.order.line': cls.secret_order.order_line.ids,
        }

    @classmethod
    def _reported(cls, user=None, **values):
        return cls._register(
            user,
            partner_id=cls.reporter.id,
            sale_order_id=cls.secret_order.id,
            floor_id=cls.ground_floor.id,
            sale_line_ids=[Command.set(cls.secret_order.order_line.ids)],
            contract_ref=CONTRACT,
            **values,
        )

    def _hang_on(self, case):
        """One of everything that can hang on a complaint."""
        as_agent = case.with_user(self.agent)
        order = {'sale_order_id': case.sale_order_id.id, 'sale_line_ids': [Command.set(case.sale_line_ids.ids)]}
        as_agent.write({'partner_id': self.customer.id, 'sale_order_id': False, 'sale_line_ids': [Command.clear()]})
        self.env.cr.flush()
        as_agent.write({'partner_id': self.reporter.id, **order})
        self.env.cr.flush()
        as_agent.message_subscribe(partner_ids=(self.clerk + self.satisfaction + self.manager).partner_id.ids)
        message = as_agent.message_post(
            body="x",
            subject="x",
            subtype_xmlid='mail.mt_comment',
            partner_ids=(self.clerk + self.manager).partner_id.ids,
            rating_value=3,
        )
        case.with_user(self.clerk).message_post(body="Filed.", subtype_xmlid='mail.mt_note')
        case.with_user(self.portal).sudo().message_post(body="x", subtype_xmlid='mail.mt_comment')
        answer = case.sudo().message_post(
            body="I wait.", author_id=self.reporter.id, subtype_xmlid='mail.mt_comment', message_type='email'
        )
        message.sudo().starred_partner_ids += self.reporter + self.clerk.partner_id
        message.sudo().partner_ids += self.reporter
        case.sudo().message_subscribe(self.reporter.ids)
        as_agent.activity_schedule('mail.mail_activity_data_todo', user_id=self.clerk.id, summary="x", note="x")
        as_agent.activity_schedule('mail.mail_activity_data_todo', user_id=self.agent.id, summary="x").action_feedback(
            feedback="x"
        )
        as_agent.action_escalate(reason="x", user_id=self.manager.id)
        as_agent.action_pause(reason="x", party='customer', until=fields.Datetime.add(fields.Datetime.now(), days=1))
        self.env['cs.clock.notice'].create(
            {'clock_id': case.sudo().clock_ids[0].id, 'user_id': self.agent.id, 'rung': 'warning'}
        )
        as_agent.write({'contact_ids': [Command.create({'note': "x", 'kind': 'call'})]})
        self._hang_revisits_on(case)
        case.sudo().write({'responsibility_ids': [Command.create({'party': 'mall', 'percent': 100, 'note': "x"})]})
        self.env['ir.attachment'].with_user(self.agent).create(
            {'name': "x.txt", 'raw': b"x", 'res_model': CASE, 'res_id': case.id}
        )
        self.env['mail.scheduled.message'].with_user(self.agent).create(
            {
                'model': CASE,
                'res_id': case.id,
                'body': "x",
                'subject': "x",
                'author_id': self.agent.partner_id.id,
                'partner_ids': [Command.set(self.reporter.ids)],
                'scheduled_date': fields.Datetime.add(fields.Datetime.now(), days=1),
            }
        )
        self.env['cs.reception'].create(
            {
                'topic': "x",
                'body': "Market Office",
                'case_id': case.id,
                'company_id': self.company.id,
                'received_by_id': self.agent.id,
            }
        )
        self.env['mail.notification'].create(
            {
                'mail_message_id': answer.id,
                'author_id': self.reporter.id,
                'res_partner_id': self.hq.partner_id.id,
                'notification_type': 'inbox',
            }
        )
        self.env['mail.message.translation'].create(
            {'message_id': message.id, 'source_lang': 'en', 'target_lang': 'zh', 'body': "x"}
        )
        self.env['mail.mail'].create(
            {'mail_message_id': message.id, 'body_html': "x", 'recipient_ids': [Command.set(self.reporter.ids)]}
        )
        self.env['mail.message.reaction'].create(
            {'message_id': message.id, 'content': "!", 'partner_id': self.reporter.id}
        )

    def _hang_revisits_on(self, case):
        """One planned and one made, that one in the archive; with all that can hang on a revisit."""
        vals = {
            'kind': 'manual', 'complaint_id': case.id, 'company_id': self.company.id, 'partner_id': self.reporter.id,
            'sale_order_id': self.secret_order.id, 'reason': "x", 'user_id': self.clerk.id,
        }
        revisits = self.env['cs.revisit'].create([vals, {**vals, 'opinion': "x", 'user_id': self.colleague.id}])
        questions = self.env['cs.revisit.questionnaire']._for('complaint', self.company, fields.Date.today())
        made = revisits[1]
        made.with_user(self.colleague).action_log_attempt(outcome='busy', note="x")
        made.sudo().questionnaire_id = questions
        made.with_user(self.colleague).action_done(satisfaction='satisfied', opinion="x")
        made.with_user(self.supervisor).action_recall(satisfaction='satisfied', note="x")
        made.with_user(self.supervisor).action_archive()
        for revisit in revisits:
            here = {'res_model': revisit._name, 'res_id': revisit.id}
            revisit.message_subscribe((self.clerk.partner_id + self.reporter).ids)
            revisit.message_post(
                body="x",
                subject="x",
                subtype_xmlid='mail.mt_comment',
                author_id=self.reporter.id,
                message_type='email',
                partner_ids=(self.clerk.partner_id + self.manager.partner_id).ids,
            )
            revisit.activity_schedule('mail.mail_activity_data_todo', user_id=self.clerk.id, summary="x", note="x")
            self.env['ir.attachment'].create({'name': "x.txt", 'raw': b"x", **here})
            self.env['rating.rating'].create(
                {
                    'res_model_id': self.env['ir.model']._get_id(revisit._name),
                    'res_id': revisit.id,
                    'partner_id': self.reporter.id,
                    'rating': 1,
                    'feedback': "x",
                    'consumed': True,
                }
            )

    def _hanging(self, case):
        """``{model: records}`` of all that points at the complaint, but for the reporter kept apart."""
        self.env.flush_all()
        ids = case.ids
        found = {CASE: case.sudo(), 'cs.reception': self.rows('cs.reception', case_id=ids)}
        for model in ('contact', 'responsibility', 'step', 'escalation'):
            found[f'cs.complaint.{model}'] = self.rows(f'cs.complaint.{model}', case_id=ids)
        for model in ('cs.clock', 'cs.clock.pause', 'cs.clock.report', 'cs.complaint.report'):
            found[model] = self.rows(model, complaint_id=ids)
        found['cs.clock.notice'] = self.rows('cs.clock.notice', clock_id=found['cs.clock'].ids)
        found |= self.revisits_of(self.rows('cs.revisit', complaint_id=ids))
        found |= self.mail_of((found[CASE], found['cs.revisit']))
        messages = found['mail.message'].ids
        found['mail.notification'] = self.rows('mail.notification', mail_message_id=messages)
        found['mail.tracking.value'] = self.rows('mail.tracking.value', mail_message_id=messages)
        found['mail.message.translation'] = self.rows('mail.message.translation', message_id=messages)
        found['mail.mail'] = self.rows('mail.mail', mail_message_id=messages)
        found['mail.message.reaction'] = self.rows('mail.message.reaction', message_id=messages)
        return found

    def _texts(self, model):
        skipped = TECHNICAL.get(model, '').split()
        return [
            field
            for field in self.env[model]._fields.values()
            if field.store
            and field.column_type
            and field.type in ('char', 'text', 'html')
            and field.name not in skipped
            and not field.related
        ]

    def _name_everywhere(self, case):
        """Put the reporter into every text of the complaint and of all that hangs on it, past every check."""
        words = f" {NAME} 137-0000-7777 {MAIL.upper()} {self.secret_order.name} {CONTRACT}"
        for model, records in self._hanging(case).items():
            for field in self._texts(model) if model != 'mail.tracking.value' else ():
                if (
                    records
                    and not field.translate
                    and field.name not in ('contact_name', 'contact_phone', 'contract_ref', 'phone_sanitized')
                ):
                    self.env.cr.execute(
                        f'UPDATE {records._table} SET "{field.name}" = concat("{field.name}", %s) WHERE id = ANY(%s)',
                        [words, records.ids],
                    )
        self.env.invalidate_all()

    def _check_clean(self, case):
        """No stored value of the complaint, or of anything that hangs on it, tells of the reporter."""
        for model, records in self._hanging(case).items():
            for record in records:
                for field in record._fields.values():
                    if not field.store or field.name in TECHNICAL.get(model, '').split():
                        continue
                    value = record[field.name]
                    if field.relational and field.comodel_name in self.of_reporter:
                        if set(value.ids) & set(self.of_reporter[field.comodel_name]):
                            self.leak(f'{model}.{field.name}', 'relation', value)
                    elif field.type in ('char', 'text', 'html', 'json') and (told := self.told_traces(value)):
                        self.leak(f'{model}.{field.name}', told, value)
